module kubectl-fleet.io/conformance/repository

go 1.26.3
