#!/bin/sh
# Completes `kubectl fleet` with the completion of kubectl, which runs this file: its name must be kubectl_complete-fleet.
exec kubectl-fleet __complete "$@"
