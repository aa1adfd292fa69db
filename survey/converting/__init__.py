"""From the files of other survey tools to a questionnaire of ours and a full account of it.

A reader (:mod:`.limesurvey`, :mod:`.xlsform`) makes a :class:`~.source_model.SourceForm`;
:mod:`.assembling` turns it into pages, names and rules; :mod:`.writing` and :mod:`.report` make
the files. Nothing of a foreign file is ever carried out.
"""
