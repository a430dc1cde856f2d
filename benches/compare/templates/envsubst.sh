# One envsubst for each line of the list.
set -eu
export AWS_REGION=us-east-1 AWS_SSH_KEY_NAME=capi-eks KUBERNETES_VERSION=v1.34.0 WORKER_MACHINE_COUNT=2
export user type CLUSTER_NAME replicas
sed -n 's/^  \(.*\): \(.*\)$/\1 \2/p' users.yaml | while read -r user type; do
  CLUSTER_NAME=capi-eks-$user
  case $type in production) replicas=3 ;; *) replicas=1 ;; esac
  envsubst <envsubst.yaml
done
