"""The APIs of Netlify and Railway, which have no Pulumi provider: the dynamic providers of the program call them."""
