# Image with only the static binary, for the Argo CD plugin sidecar and for CI.
FROM rust:1.95.0-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /src
# .dockerignore excludes files that the build does not read.
COPY . .
# Without default features: the plugin reads no revisions, so it contains no code that leaves the directory of the fleet.
RUN cargo build --release --locked --no-default-features --bin kubectl-fleet

FROM scratch
LABEL org.opencontainers.image.title="kubectl-fleet" \
      org.opencontainers.image.description="Generates the manifests of a fleet of Kubernetes clusters from a directory of a Git repository" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /src/target/release/kubectl-fleet /usr/local/bin/kubectl-fleet
# The path where the plugin server reads it. Argo CD mounts the server itself from a volume.
COPY plugin.yaml /home/argocd/cmp-server/config/plugin.yaml
COPY LICENSE /LICENSE
# The user of Argo CD, which the plugin server's socket requires.
USER 999
# In CI: docker run --rm -v "$PWD:/fleet" kubectl-fleet validate
WORKDIR /fleet
ENTRYPOINT ["/usr/local/bin/kubectl-fleet"]
CMD ["generate", "."]
