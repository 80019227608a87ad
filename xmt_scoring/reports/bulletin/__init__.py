"""通报: a scored quarter as a circular of the office. Frames → figures and lists → the office's template → .docx."""
