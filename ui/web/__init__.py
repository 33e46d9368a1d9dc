"""The studio: the web app. Handlers call the verbs and the small functions beside them; no logic here."""
