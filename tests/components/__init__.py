"""Each component on Pulumi's mocks: what it registers, with which inputs, and which arguments it rejects."""
