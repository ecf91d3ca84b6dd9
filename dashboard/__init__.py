"""The pages for administrators: server-rendered, and asking the application in GraphQL only."""
