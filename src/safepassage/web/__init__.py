"""The pages and the live stream. Nothing here knows a picture: it shows what `disclosure` gave for one audience."""
