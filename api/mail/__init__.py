"""Mails: what each says, and bringing it to a mail server. What they tell is put by `provisioning.notices`."""
