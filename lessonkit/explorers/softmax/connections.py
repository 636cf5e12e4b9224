"""The ways in which layers are connected, and the grey of each in this chapter's pictures."""

DENSE, LOCAL, CONVOLUTION = "fully connected", "locally connected", "convolution"
KINDS = {DENSE: "0.3", LOCAL: "0.5", CONVOLUTION: "0.7"}
