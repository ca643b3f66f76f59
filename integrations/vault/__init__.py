"""How the vault fares: what was counted, what is due, and what is neglected. Read here, written by flows."""
