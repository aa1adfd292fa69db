import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

/** Checks a PDF against veraPDF profiles: java Check FILE PROFILE... */
public class Check {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int i = 1; i < arguments.length; i++) {
            System.out.println(judged(new File(arguments[0]), arguments[i]));
        }
    }

    private static String judged(File file, String name) throws Exception {
        String place = "/org/verapdf/pdfa/validation/" + name + ".xml";
        ValidationProfile profile;
        // The engine's own directory of profiles comes up empty in this jar.
        try (InputStream xml = Check.class.getResourceAsStream(place)) {
            profile = Profiles.profileFromXml(xml);
        }
        try (PDFAParser parser = Foundries.defaultInstance()
                .createParser(new FileInputStream(file), profile.getPDFAFlavour());
             PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, false)) {
            ValidationResult result = validator.validate(parser);
            Map<String, String> failed = new TreeMap<>();
            int count = 0;
            for (TestAssertion one : result.getTestAssertions()) {
                if (one.getStatus() == TestAssertion.Status.FAILED) {
                    count++;
                    failed.put(one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber(),
                            one.getMessage());
                }
            }
            return name + "\t" + result.isCompliant() + "\t" + result.getTotalAssertions()
                    + "\t" + count + "\t" + failed;
        }
    }
}
