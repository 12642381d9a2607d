"""Every rule that there is, by section, with the choices that its findings offer: what a decision may name.

A repository shows only some of them. A test compares this with what is found in the cases of all sections.
"""

from __future__ import annotations

from functools import cache

_RULES = """
stub-app:
    stub-variable rename
    stub-class rename
    stub-command name
    stub-running-app itself
    stub-item
    stub-function rename
    stub-async today
    stub-app-text text
persisted:
    persisted from-name
    constructor named
    new named
secrets:
    secret delete if-any join list
    secret-constructor from-dict
shared-volumes:
    shared-volume rename
    shared-volumes-argument rename
old-images:
    dockerhub rename
    conda rename
    conda-install rename
    conda-environment
    package-mounts packages
    extend commands
    file-type rename
    pip-options options
    setup-commands lines
lifecycle-hooks:
    enter call mark
    exit call mark
app-objects:
    indexed-objects
    run-inside rename
    cls-mixin delete
    cls-remote call
    is-inside imports is-local
    app-image variable
    app-image-set argument functions later
    container-app
    interactive-shell
old-endpoints:
    app-endpoint
removed-arguments:
    background-commits delete
    boost delete
    scheduler delete
    gpus rename
    interactive delete
    checkpointing rename
    show-progress delete
    generator-call
old-calls:
    call remote remote-gen
    spawn-generator
    submit rename
    gather rename
    spawn-sandbox create
    deploy-name name
    direct-call here in-container
    module-lookup from-name
    raw-function local private
    enqueue
    generator-results
    function-of-app name
image-copy:
    image-copy copy mount
    image-copy-relative copy mount
    image-copy-workdir copy mount
    image-copy-folder file folder mount
    image-copy-path copy mount
    image-copy-computed copy mount
    image-copy-splat
    image-copy-text text
mount:
    mount-function add decorator inside only-python workdir
    mount-class add
    mount-app add
    mount-options add
    mount-sandbox add
    mount-run-function add
    mount-copy copy
    mount-context delete folder
    mount-dynamic
    mount-import delete
    mount-unused delete
    mount-singular
build:
    build-empty remove
    build-stacked enter-only run-function volume
    build-method remove run-function volume volume-function
    build-import remove
    build-dunder
    build-call
local-source:
    local-source add add-1 all-files exclude python-only
    local-source-build copy copy-all-files
    local-source-unseen
autoscaler:
    autoscaler-rename rename
    autoscaler-options
    autoscaler-value fit rename
    autoscaler-both new old
    autoscaler-splat rename
    autoscaler-method delete move
    keep-warm-method autoscaler update
    autoscaler-text text
fastapi-endpoint:
    endpoint-method
    endpoint-rename rename
    endpoint-import rename
    endpoint-reexport alias rename
    endpoint-unused alias delete rename
    endpoint-bare call
    endpoint-wait delete
    fastapi-endpoint-text text
concurrent:
    concurrent decorator
    concurrent-value decorator delete
    concurrent-unused delete
    concurrent-dict decorator delete
    concurrent-options method
    concurrent-call decorator
    concurrent-elsewhere
    concurrent-text text
lookup:
    lookup fill from-name hydrate
    lookup-name rename
    from-name-namespace drop
    lookup-reference from-name
    resolve hydrate
    web-url await call
    lookup-text text
cls-parameters:
    cls-inherited-constructor
    cls-setup parameters
    cls-constructor parameters
    cls-constructor-by-hand
    cls-dataclass
    cls-positional-call name
cls-lookup:
    cls-method-name hydrate instance
    cls-not-instantiated above instance
    cls-maybe-instance
gpu:
    gpu-object string
    gpu-type strings
    gpu-count constant text
    gpu-mention
    gpu-annotation str
    gpu-import remove
    gpu-text text
module-mode:
    module-mode module
    module-mode-bare file module
    module-mode-unseen
    module-mode-text module
sandbox-files:
    sandbox-open whole
    sandbox-ls entries names
    sandbox-mkdir make parents
    sandbox-rm remove
    sandbox-watch watch
    sandbox-events types
    sandbox-file-io
    sandbox-open-by-hand
    sandbox-mkdir-by-hand
    sandbox-ls-by-hand
async-calls:
    async-constructor-by-hand
    async-blocking await
    async-constructor plain
    async-blocking-by-hand
autoscaler-api:
    autoscaler-update update
    autoscaler-update-by-hand
    autoscaler-instance
annotations:
    annotation list
object-managers:
    object-delete manager
    object-create manager
    object-create-by-hand
    object-delete-by-hand
network-file-system:
    network-file-system
python-version:
    python-unsaid
    python-version python3.11 python3.12
    python-version-by-hand
removed-arguments-1x:
    single-use delete write
    single-use-by-hand
    gpu-snapshot write
    gpu-snapshot-by-hand
    pty write
    sandbox-environment delete
    sandbox-allowlist rename
    sandbox-tags-client delete
    wrapped-exceptions delete
    shown-progress delete
    scaling-factor delete
    scheduler-placement
    proxy-ip
    dict-data
    workspace
    cross-region-volumes delete
renamed-names-1x:
    clustered write
    clustered-by-hand
    stop-app write
    stop-app-by-hand
    members write
    members-by-hand
    pending-deprecation rename
    filesystem-error rename
    raw-image rename
    experimental-image
    registered
    description
    snapshot-module
    billing
    set-client
    environment
    mounted-image
    directory-snapshot
cli-1x:
    app-name write
    asks write
    confirmed write
    keys
    option-gone write
    profile write
endpoint-images:
    endpoint-image install
refused-forms:
    blocked-ports-by-hand
    by-position-by-hand
    data-by-hand
    env-text write
    every-sandbox-by-hand
    generator-retries delete
    gpu-true write
    made-by-hand
    module-import import
    namespace write
    parentheses write
    pattern write
    pattern-by-hand
    server-parameters
    transport-error
    tunnel-url
    volume-path-by-hand
unknown-api:
    app-object variable
    app-object-by-hand
    shadowed-by-hand
    unknown-api
    unknown-import delete
"""


@cache
def choices_of_rules() -> dict[str, frozenset[str]]:
    """Return the keys of choices by rule."""
    return {rule: choices for rules in _by_section().values() for rule, choices in rules.items()}


@cache
def choices_of_section(slug: str) -> frozenset[str]:
    """Return the keys of the choices that the findings of a section offer."""
    return frozenset().union(*_by_section().get(slug, {}).values())


@cache
def _by_section() -> dict[str, dict[str, frozenset[str]]]:
    found: dict[str, dict[str, frozenset[str]]] = {}
    slug = ""
    for line in _RULES.strip().splitlines():
        name, *choices = line.split()
        if line.startswith(" "):
            found[slug][name] = frozenset(choices)
        else:
            slug = name.removesuffix(":")
            found[slug] = {f"{slug}-text": frozenset({"text", "shown"})}
    return found
