"""Who somebody is: accounts, passwords, sessions, and what each may be asked to prove."""
