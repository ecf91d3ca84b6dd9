"""The GraphQL edge, for internal tools and the dashboard: everything that is known, everything that may be done.

A request walks: `edge` (bytes, token) → `limits` (is it small enough, what does it cost; no database) → `budget` →
`schema` (Strawberry) → resolvers of a noun (`members`, `roles` …), which call services with the caller's actor.
Resolvers decide nothing and ask no tables. Relations go through `context.load`, so that a list costs a statement for
each relation and not for each row. Mutations go through `mutating.attempt`, which turns what was in the way into
`userErrors`.

    ids          global ids: type, organization, id           connections   Relay connections by keyset
    access       which permission a field needs, in the SDL   errors        what callers are told
"""
