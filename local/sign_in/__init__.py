"""What Amazon Cognito's managed login offers, for one machine: authorization code with PKCE.

    grants      codes, who is signed in, the rules of the two requests; no HTTP
    pages       what a person sees
    endpoints   the addresses: /oauth2/authorize, /oauth2/token, /oauth2/revoke, /logout

moto issues the tokens and has no such pages. The addresses, parameters and answers are Cognito's,
so the page signs in the same way here and there.

Source: RFC 6749, RFC 7636, RFC 7009; Amazon Cognito Developer Guide, "User pool endpoints".
"""
