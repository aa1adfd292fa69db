"""The project team's room: pages for people with an account, never for respondents."""
