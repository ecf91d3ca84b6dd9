"""Single sign-on by SAML 2.0: a service provider that understands one narrow profile, and refuses everything else.

Only HTTP-POST is understood, only signed assertions in the clear are read, and of those only what the signature covers.
"""
