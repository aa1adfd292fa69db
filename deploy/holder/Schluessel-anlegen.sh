#!/bin/sh
# Doppelklick öffnet die Seite im Browser. / A double click opens the page in the browser.
# Erwartet „meinungsbild“ daneben oder auf dem Rechner. / Needs “meinungsbild” beside it or installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for place in "$here/.venv/bin/survey" "$here/../../.venv/bin/survey" "$(command -v survey || true)"; do
    if [ -x "$place" ]; then
        exec "$place" keys create --page
    fi
done
echo "Das Programm „survey“ fehlt. Bitte fragen Sie das Projektteam." >&2
echo "The program “survey” is missing. Please ask the project team." >&2
printf "Eingabetaste drücken / press return … " && read -r _
exit 1
