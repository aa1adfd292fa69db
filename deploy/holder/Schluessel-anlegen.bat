@echo off
rem Doppelklick oeffnet die Seite im Browser. / A double click opens the page in the browser.
if exist "%~dp0.venv\Scripts\survey.exe" ("%~dp0.venv\Scripts\survey.exe" keys create --page) else (survey keys create --page)
if errorlevel 1 pause
