"""What the key holders' pages, key sheet and files say, in German and in English.

Holders are few and named; their tools are not part of the respondents' translations.
"""

from __future__ import annotations

LANGUAGES = ("de", "en")
NAMES = {"de": "Deutsch", "en": "English"}
"""What a language calls itself."""

WORDS: dict[str, tuple[str, str]] = {
    # -- frame
    "open_urn": ("Urne öffnen", "Open the urn"),
    "make_key": ("Schlüssel anlegen", "Make a key"),
    "skip": ("Zum Inhalt springen", "Skip to the content"),
    "only_here": (
        "Diese Seite läuft nur auf Ihrem Rechner. Ihr Schlüssel wird nirgendwohin geschickt.",
        "This page runs on your machine only. Your key is sent nowhere.",
    ),
    "mistake": ("Fehler: ", "Mistake: "),
    "not_yet": ("Das hat noch nicht geklappt", "That has not worked yet"),
    # -- opening a layer
    "unchanged": (
        "An der Urne wurde nichts verändert. Der Browser vergisst die ausgewählten Dateien: Bitte "
        "wählen Sie sie noch einmal aus.",
        "Nothing in the urn was changed. The browser forgets the chosen files: please choose them "
        "once more.",
    ),
    "form_title": ("Ihre Schicht der Urne öffnen", "Open your layer of the urn"),
    "form_lead": (
        "Trennen Sie diesen Rechner vom Netz, wenn Sie können. Sie brauchen zwei Dateien: die "
        "Urnendatei, die Sie bekommen haben, und Ihre Schlüsseldatei.",
        "Take this machine off the network if you can. You need two files: the urn file that you "
        "were given, and your key file.",
    ),
    "urn_label": ("1. Urnendatei", "1. Urn file"),
    "urn_hint": (
        "Sie kommt vom Projektteam oder von der Schlüsselperson vor Ihnen.",
        "It comes from the project team or from the key holder before you.",
    ),
    "keys_label": ("2. Ihre Schlüsseldatei", "2. Your key file"),
    "keys_hint": (
        "Sie endet auf „.key“. Bei der Probe wählen Sie beide Schlüsseldateien zusammen aus.",
        "It ends with “.key”. For the rehearsal choose both key files together.",
    ),
    "passphrase_label": ("3. Passwort der Schlüsseldatei", "3. Passphrase of the key file"),
    "passphrase_hint": (
        "Nur wenn Sie eines vergeben haben; sonst leer lassen.",
        "Only if you have set one; otherwise leave it empty.",
    ),
    "open": ("Öffnen", "Open"),
    "wait": (
        "Bei vielen Stimmzetteln dauert das bis zu einer Minute. Warten Sie, bis die nächste Seite "
        "kommt.",
        "With many ballots this takes up to a minute. Wait until the next page comes.",
    ),
    # -- a finished turn
    "opened": ("Geöffnet: ", "Opened: "),
    "done_data_set": ("Die Urne ist geöffnet", "The urn is open"),
    "done_next_holder": ("Ihre Schicht ist geöffnet", "Your layer is open"),
    "done_rehearsal": ("Die Probe hat geklappt", "The rehearsal has worked"),
    "ballots": ("Stimmzettel", "Ballots"),
    "accepted": ("Angenommen", "Accepted"),
    "rejected": ("Zurückgewiesen", "Rejected"),
    "fingerprint": ("Prüfsumme", "Fingerprint"),
    "next": ("So geht es weiter", "What comes next"),
    "save_new": ("Speichern Sie die neue Datei:", "Save the new file:"),
    "to_holder": (
        "Geben Sie sie an die nächste Schlüsselperson: %(holder)s.",
        "Hand it to the next key holder: %(holder)s.",
    ),
    "to_team": ("Geben Sie sie dem Projektteam zurück.", "Hand it back to the project team."),
    "note_fingerprint": (
        "Notieren Sie die Prüfsumme und vergleichen Sie sie mit der im Bericht. Löschen Sie den "
        "Datensatz danach von diesem Rechner.",
        "Note the fingerprint and compare it with the one in the report. Then delete the data set "
        "from this machine.",
    ),
    "keep_key": (
        "Behalten Sie Ihren Schlüssel, bis alle Schlüsselpersonen den Datensatz geprüft haben. "
        "Dann vernichten Sie ihn.",
        "Keep your key until all key holders have verified the data set. Then destroy it.",
    ),
    "rehearsed": (
        "Ihr eigentlicher Schlüssel bleibt bei Ihnen. Den Schlüssel für die Probe brauchen Sie "
        "nach der bestandenen Probe nicht mehr.",
        "Your real key stays with you. After the rehearsal has passed you no longer need the "
        "rehearsal key.",
    ),
    "end": ("Gespeichert, Programm beenden", "Saved, end the program"),
    "ended": ("Beendet", "Ended"),
    "ended_title": ("Das Programm ist beendet", "The program has ended"),
    "ended_lead": (
        "Sie können dieses Fenster schließen. Die Zwischendateien sind gelöscht; gespeichert ist "
        "nur, was Sie selbst gespeichert haben.",
        "You can close this window. The files in between are deleted; only what you have saved "
        "yourself is kept.",
    ),
    "file_next_holder": ("%(study)s-weiter.urne", "%(study)s-next.urn"),
    "file_data_set": ("%(study)s-datensatz.zip", "%(study)s-data-set.zip"),
    "file_rehearsal_next": ("%(study)s-probe-weiter.urne", "%(study)s-rehearsal-next.urn"),
    "file_rehearsal_done": (
        "%(study)s-probe-ergebnis.json",
        "%(study)s-rehearsal-result.json",
    ),
    # -- mistakes in opening
    "no_urn": (
        "Wählen Sie die Urnendatei aus, die Sie bekommen haben.",
        "Choose the urn file that you were given.",
    ),
    "no_key": ("Wählen Sie Ihre Schlüsseldatei aus.", "Choose your key file."),
    "locked": (
        "%(file)s ist mit einem Passwort verschlossen.",
        "%(file)s is locked with a passphrase.",
    ),
    "wrong_passphrase": (
        "Das Passwort öffnet %(file)s nicht.",
        "The passphrase does not open %(file)s.",
    ),
    "no_key_file": ("%(file)s ist keine Schlüsseldatei.", "%(file)s is no key file."),
    "other_turn": (
        "Jetzt ist jemand anderes an der Reihe: Die äußerste Schicht gehört zu einem anderen "
        "Schlüssel.",
        "It is the turn of somebody else: the outermost layer belongs to another key.",
    ),
    "both_keys": (
        "Für die Probe brauchen Sie beide Schlüsseldateien: die eigentliche und die für die Probe. "
        "Wählen Sie beide zusammen aus. Vielleicht ist auch jemand anderes an der Reihe.",
        "For the rehearsal you need both key files: the real one and the one for the rehearsal. "
        "Choose both together. Perhaps it is also the turn of somebody else.",
    ),
    "not_urn": (
        "Das ist keine Urnendatei, oder sie ist beschädigt. Lassen Sie sie sich neu schicken.",
        "This is no urn file, or it is damaged. Have it sent to you again.",
    ),
    "damaged": (
        "Die Datei ist beschädigt. Lassen Sie sie sich neu schicken.",
        "The file is damaged. Have it sent to you again.",
    ),
    "test_failed": (
        "Ein Probe-Stimmzettel ließ sich nicht öffnen. Die Probe ist nicht bestanden; sagen Sie es "
        "dem Projektteam.",
        "A test ballot could not be opened. The rehearsal has not passed; tell the project team.",
    ),
    # -- making keys
    "key_title": ("Ihren Schlüssel anlegen", "Make your key"),
    "key_lead": (
        "Der Schlüssel entsteht auf diesem Rechner und bleibt hier. Das Projektteam bekommt nur "
        "die öffentliche Hälfte. Ohne Ihren Schlüssel kann niemand die Stimmzettel lesen, auch Sie "
        "nicht: Ein verlorener Schlüssel lässt sich nicht ersetzen.",
        "The key is made on this machine and stays here. The project team gets the public half "
        "only. Without your key nobody can read the ballots, not even you: a lost key cannot be "
        "replaced.",
    ),
    "study_label": ("1. Kennung der Umfrage", "1. Id of the survey"),
    "study_hint": (
        "Das Projektteam nennt sie Ihnen, zum Beispiel „vision-staff“.",
        "The project team tells you, for example “vision-staff”.",
    ),
    "holder_label": ("2. Ihr Name oder Ihr Amt", "2. Your name or office"),
    "holder_hint": (
        "So stehen Sie im Protokoll, zum Beispiel „Personalrat“.",
        "This is how the protocol names you, for example “Staff council”.",
    ),
    "new_label": ("3. Passwort", "3. Passphrase"),
    "new_hint": (
        "Es verschließt die Schlüsseldatei: mindestens %(least)s Zeichen, am besten vier oder fünf "
        "Wörter. Leer lassen geht nur, wenn die Datei nie ungeschützt liegt.",
        "It locks the key file: at least %(least)s characters, best four or five words. Leave it "
        "empty only if the file never lies unprotected.",
    ),
    "again_label": ("4. Passwort noch einmal", "4. Passphrase once more"),
    "again_hint": ("Damit kein Tippfehler hineinkommt.", "So that no typing mistake slips in."),
    "make": ("Schlüssel anlegen", "Make the key"),
    "nothing_made": (
        "Es wurde noch kein Schlüssel angelegt. Ein Passwort müssen Sie neu eintippen.",
        "No key has been made yet. A passphrase has to be typed again.",
    ),
    "bad_study": (
        "Die Kennung besteht aus kleinen Buchstaben, Ziffern und Bindestrichen.",
        "The id consists of small letters, digits and hyphens.",
    ),
    "bad_holder": ("Tragen Sie Ihren Namen oder Ihr Amt ein.", "Enter your name or office."),
    "too_short": (
        "Das Passwort hat weniger als %(least)s Zeichen.",
        "The passphrase has fewer than %(least)s characters.",
    ),
    "not_same": (
        "Die beiden Passwörter sind verschieden.",
        "The two passphrases are different.",
    ),
    "made": ("Schlüssel angelegt: ", "Key made: "),
    "made_title": ("Ihr Schlüssel ist angelegt", "Your key is made"),
    "made_lead": (
        "Speichern Sie alle Dateien, bevor Sie das Programm beenden: Danach sind sie hier weg.",
        "Save all files before you end the program: afterwards they are gone from here.",
    ),
    "keep_title": ("Für Sie, geheim", "For you, secret"),
    "save_key": (
        "Der Schlüssel für die Öffnung. Legen Sie ihn auf einen USB-Stick, der bei Ihnen bleibt, "
        "und eine zweite Kopie an einen anderen sicheren Ort.",
        "The key for the opening. Put it on a USB stick that stays with you, and a second copy in "
        "another safe place.",
    ),
    "save_rehearsal": (
        "Der Schlüssel für die Probe. Sie brauchen ihn nur einmal.",
        "The key for the rehearsal. You need it only once.",
    ),
    "save_sheet": (
        "Das Schlüsselblatt. Drucken Sie es ohne Netz, legen Sie es in Ihren Tresor und löschen "
        "Sie die Datei.",
        "The key sheet. Print it without a network, put it in your safe and delete the file.",
    ),
    "no_sheet": (
        "Das Schlüsselblatt ließ sich auf diesem Rechner nicht erzeugen. Eine zweite Kopie der "
        "Schlüsseldatei ist dann umso wichtiger.",
        "The key sheet could not be made on this machine. A second copy of the key file matters "
        "all the more.",
    ),
    "send_title": ("Für das Projektteam", "For the project team"),
    "save_public": (
        "Nur diese Datei schicken Sie. Darin ist nichts geheim.",
        "Send this file only. Nothing in it is secret.",
    ),
    "check_number": (
        "Prüfnummer, am Telefon zu vergleichen:",
        "Check number, to be compared by telephone:",
    ),
    # -- key sheet
    "sheet": ("Schlüsselblatt", "Key sheet"),
    "sheet_of": ("Umfrage %(study)s", "survey %(study)s"),
    "secret": ("Geheim.", "Secret."),
    "sheet_secret": (
        "Wer dieses Blatt hat, hat den Schlüssel. Legen Sie es in einem verschlossenen, "
        "unterschriebenen Umschlag in Ihren eigenen Tresor. Bewahren Sie nicht zwei "
        "Schlüsselblätter am selben Ort auf. Fotografieren und scannen Sie es nicht.",
        "Whoever has this sheet has the key. Put it in a sealed and signed envelope in your own "
        "safe. Do not keep two key sheets in one place. Neither photograph nor scan it.",
    ),
    "sheet_purpose": ("Wozu dieser Schlüssel dient", "What this key is for"),
    "sheet_opens": (
        "Er öffnet Ihre Schicht der Urne, nachdem die Umfrage geschlossen ist. Ohne ihn bleiben "
        "die Stimmzettel für immer zu.",
        "It opens your layer of the urn after the survey has closed. Without it the ballots stay "
        "closed for ever.",
    ),
    "sheet_locked": (
        "Ihre Schlüsseldatei ist mit einem Passwort verschlossen; dieses Blatt braucht kein "
        "Passwort.",
        "Your key file is locked with a passphrase; this sheet needs none.",
    ),
    "sheet_key": ("Der Schlüssel", "The key"),
    "sheet_lines": (
        "Das Zeichen hinter dem Schrägstrich prüft die Zeile und gehört nicht zum Schlüssel. Für "
        "das Programm „age“ stehen vor den Zeilen die Zeichen",
        "The character behind the slash checks the line and is no part of the key. For the program "
        "“age” the lines are preceded by",
    ),
    "sheet_spaces": ("; Leerzeichen fallen weg.", "; blanks are left out."),
    "sheet_zero": (
        "0 ist die Ziffer Null; die Buchstaben B, I und O und die Ziffer 1 kommen nicht vor.",
        "0 is the digit zero; the letters B, I and O and the digit 1 do not occur.",
    ),
    "sheet_picture": (
        "Derselbe Schlüssel als QR-Code zum Einlesen ohne Netz.",
        "The same key as a QR code, to be read without a network.",
    ),
    "sheet_lost": ("Wenn die Schlüsseldatei verloren ist", "If the key file is lost"),
    "sheet_offline": ("Auf einem Rechner ohne Netz:", "On a machine without a network:"),
    "sheet_new_file": ("neu.key", "new.key"),
    "sheet_retype": (
        ", dann die Zeilen eintippen. Ein Tippfehler wird je Zeile gemeldet. Der Schlüssel ist ein "
        "gewöhnlicher age-Schlüssel (X25519): Auch das unabhängige Programm „age“ liest ihn.",
        ", then type the lines. A typing mistake is reported for its line. The key is an ordinary "
        "age key (X25519): the independent program “age” reads it too.",
    ),
    "sheet_compare": ("Zum Vergleichen am Telefon", "To compare by telephone"),
    "sheet_check": ("Prüfnummer", "Check number"),
    "sheet_public": ("Öffentlicher Schlüssel", "Public key"),
    "sheet_end": ("Am Ende", "In the end"),
    "sheet_destroy": (
        "Wenn der Datensatz geprüft ist, wird die Schlüsseldatei vernichtet (survey keys destroy) "
        "und dieses Blatt geschreddert. Danach kann niemand mehr einen Stimmzettel aus einer alten "
        "Kopie lesen.",
        "When the data set has been verified, the key file is destroyed (survey keys destroy) and "
        "this sheet is shredded. From then on nobody can read a ballot out of an old copy.",
    ),
    "sheet_page": ("Seite", "Page"),
}


def words(language: str) -> dict[str, str]:
    """All texts in one of :data:`LANGUAGES`.

    >>> words("en")["open_urn"]
    'Open the urn'
    """
    place = LANGUAGES.index(language)
    return {name: said[place] for name, said in WORDS.items()}
