# One static binary and nothing else: as Argo CD's plugin sidecar, and for CI.
FROM rust:1.95.0-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /src
# .dockerignore lets through what the build reads.
COPY . .
RUN cargo build --release --locked --bin kubectl-fleet

FROM scratch
LABEL org.opencontainers.image.title="kubectl-fleet" \
      org.opencontainers.image.description="Compiles a Git folder of users and templates into the Cluster API manifests of a fleet" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /src/target/release/kubectl-fleet /usr/local/bin/kubectl-fleet
# Where the plugin server looks for it; the server itself comes from Argo CD, by a volume.
COPY plugin.yaml /home/argocd/cmp-server/config/plugin.yaml
COPY LICENSE /LICENSE
# Argo CD's own user: the plugin server's socket asks for it.
USER 999
# In CI: docker run --rm -v "$PWD:/fleet" kubectl-fleet validate
WORKDIR /fleet
ENTRYPOINT ["/usr/local/bin/kubectl-fleet"]
CMD ["generate", "."]
