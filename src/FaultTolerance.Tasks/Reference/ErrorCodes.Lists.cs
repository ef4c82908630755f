namespace FaultTolerance.Reference;

/// <summary>The codes by the room that they come from.</summary>
internal static partial class ErrorCodes
{
    private const string CommandLine = """
        FT0101 | A target is not known. | Take the name that the message suggests, or see `./build.sh --help`.
        FT0102 | A parameter is not known. | Take the name that the message suggests; names are those of `./build.sh --help`.
        FT0103 | A parameter's value is missing, or not of its type. | Give the value that the message asks for.
        FT0104 | A parameters file is missing or not valid. | Correct `.nuke/parameters*.json` at the line named.
        FT0105 | Targets are given in two ways at once. | Join them by `+` in one word, or give several words.
        FT0106 | No scenario is selected. | See `./build.sh --list` for the names.
        FT0108 | The root folder is not there. | Run from the repository, or name it with `--root`.
        FT0109 | Compare needs two runs. | Name both: `./build.sh Compare --runs A B`.
        FT0110 | A file that the front needs is missing. | Run from a whole checkout.
        FT0111 | No .NET SDK that `global.json` allows is there, and none could be fetched. | Install the SDK that the message names.
        FT0112 | A table's column is not known. | Take a name of the list in the message.
        FT0113 | Standard output cannot be written. | The command went on without it; see its results folder.
        FT0115 | The checkout's path holds a character that the build cannot bear. | Move the checkout.
        FT0116 | The folder for temporary files cannot be written. | Set `TMPDIR` to one that can.
        FT0117 | Too few files may be open at a time. | Raise the limit: `ulimit -n 512`.
        FT0118 | `.nuke/build.schema.json` cannot be written. | See who owns the checkout.
        FT0119 | Local images, `--grove` or `--pod-networks` are given for a cluster that runs already. | Give them to `./build.sh ClusterUp`; Grove also to `./build.sh InstallStandIn`.
        FT0120 | An option is not the one that the run was planned with. | Leave it out, or begin a new run.
        FT0121 | A file that holds secrets was changed since the run began, and its plan has no copy of it. | Put the file back, or begin a new run.
        FT0122 | The run that is named is not there. | See the names in the results folder; leave `--run` out for the latest.
        FT0123 | Merge needs two runs or more. | Name all parts: `./build.sh Merge --runs A B C D`.
        FT0124 | A target works on the sources, and the tool was called from its archive. | Run it in a checkout, by `./build.sh`.
        FT0125 | An option of a load by address that says what requests ask is wrong, or does not go with another. | Correct what the message names; docs/work.md has the forms.
        FT0126 | `--goodput` or an option of `--find-rate` is wrong, or does not go with the load. | Correct what the message names; docs/any-service.md has an example.
        FT0127 | The number of pods or the image of a load is given, and the load comes from here. | Give `--load-from cluster` or `both` too, or leave it out.
        """;

    private const string Scenarios = """
        FT0201 | scenarios.json cannot be read. | Name the file with `--scenarios-file`; correct its JSON at the line named.
        FT0202 | A key stands twice in its object. | Remove one.
        FT0203 | A key is not known. | Take the name that the message suggests.
        FT0204 | A value has the wrong type. | Give what the message asks for.
        FT0205 | A value is out of its range. | Give one in the range that the message names.
        FT0206 | A key is missing. | Add it.
        FT0207 | A name is used that the file does not define. | Define it, or take the name that the message suggests.
        FT0208 | A deployment's manifest is not there or cannot be read. | Correct its path; it is relative to scenarios.json.
        FT0210 | No scenario has that name. | See `./build.sh --list`.
        FT0211 | A failure does not apply to a deployment. | It aims at a role that the deployment does not have; choose another.
        FT0212 | There is no profile of that name. | Take one of `profiles` in scenarios.json.
        FT0213 | A manifest holds no graph. | It needs a DynamoGraphDeployment, or Deployments with the labels of a plain graph.
        FT0214 | A manifest holds several graphs, or not the one that is named. | Say which is meant: `"graph": NAME` in the deployment.
        FT0215 | A graph has no services. | Give it `spec.services` or `spec.components`.
        FT0216 | A plain graph holds a kind of object that cannot be in one. | Remove it, or apply it yourself beforehand.
        FT0217 | A plain graph's labels or names are not as needed. | See `deployments/plain-agg.yaml`.
        FT0218 | A manifest is not valid YAML. | Correct it at the line named.
        FT0219 | A document of a manifest is no Kubernetes object that is known. | It needs `kind` and an `apiVersion` that the kind has.
        FT0220 | Something is asked for of a service, role or container that the graph does not have. | Take one of those that the message lists.
        FT0221 | A failure aims at a service or role that a deployment does not have. | Take one of those that the message lists.
        FT0222 | A value in a manifest has the wrong type. | Give what the message asks for.
        FT0223 | A graph has no frontend, several, or no worker. | Clients go to one frontend with workers behind it; correct the manifest.
        FT0224 | An argument in a manifest names a Service whose name will be another. | Arguments stay as written: give the host name by a variable, `$(NAME)`.
        FT0230 | A manifest holds an object of the whole cluster. | Apply it yourself beforehand and take it out of the file.
        FT0231 | Replicas are asked for of a service whose number is not to be changed. | Leave it out; the manifest's number, or its planner, decides.
        FT0232 | A failure aims at a process of another engine. | Take one for the engine that the message names, or leave `process` out.
        FT0233 | A graph's frontends need a gateway. | Measure it with another router mode, or with a frontend of its own.
        FT0240 | A file of prompts or of a trace cannot be read. | Correct its path; it is relative to scenarios.json.
        FT0241 | A line of a file of prompts or of a trace is wrong. | Correct the line that the message names; docs/work.md has the forms.
        """;

    private const string Cluster = """
        FT0301 | A target needs a cluster, and none is named or running. | Name one with `--kubeconfig`, or start the local one: `./build.sh ClusterUp`.
        FT0302 | The kubeconfig is not there. | Correct `--kubeconfig` or `KUBECONFIG`.
        FT0303 | The local cluster could not be started, or ended. | Read the log that the message names.
        FT0304 | The cluster cannot be reached. | See whether its address answers from this machine.
        FT0305 | The connection to the cluster cannot be trusted. | Correct the kubeconfig's certificate authority and client certificate.
        FT0306 | The cluster does not accept the credentials. | Renew them, or choose another `--context`.
        FT0307 | The cluster does not allow a call. | Give the account the rights of `deploy/rbac.yaml`.
        FT0308 | The namespace is not there. | Make it, or name another with `--namespace`.
        FT0309 | The cluster refused a call, or its answer is not that of a Kubernetes API. | Read the cluster's own words in the message.
        FT0310 | Credentials of the kubeconfig cannot be used. | Correct the entry that the message names.
        FT0311 | Rights are missing. | Apply `deploy/rbac.yaml`; the message lists what is missing.
        FT0312 | A connection to a container broke. | See whether the node and its kubelet are well.
        FT0313 | The cluster did not answer in time. | See whether it is overloaded or behind a slow proxy.
        FT0314 | A command in a container did not end in time. | See whether the container is overloaded.
        FT0315 | The namespace is in use by another run. | Wait with `--wait`, or name another `--namespace`.
        FT0316 | The kubeconfig's context is not there. | Choose one of those that the message lists with `--context`.
        FT0317 | The local cluster could not be ended. | End the process that the message names.
        FT0318 | The kubeconfig cannot be read. | Correct it at the place named.
        FT0319 | An answer of the cluster, or of a command in a container, has no end. | See whether the address is that of a Kubernetes API.
        FT0320 | A watch was silent while objects changed. | A proxy between this machine and the cluster holds back; what was missed was found by a list.
        FT0321 | A run lost its namespace: another took the lease, or it could not be renewed. | The row is invalid; see who else works in the namespace, then run it again with `--continue`.
        FT0322 | The cluster ended, or can no longer be reached, in the middle of a run. | See whether it runs; what is left there is removed by `./build.sh Teardown`.
        FT0323 | The cluster does not serve a kind that a manifest needs. | Install what serves it, or take the document out.
        FT0324 | A graph of several nodes finds nobody who makes its pods. | Install Grove or LeaderWorkerSet; see whether the manifest switches Grove off.
        """;

    private const string Deployments = """
        FT0401 | The cluster does not serve the graph's resource. | Install Dynamo's operator, or the stand-in: `./build.sh InstallStandIn`.
        FT0402 | A graph was not ready in time, or can never be. | The message names each pod that is not ready and why.
        FT0403 | A graph says itself that it failed, or was removed by somebody else. | Read its status in the message.
        FT0404 | The cluster refused an object. | Read its words in the message: a quota, a webhook, an invalid field.
        FT0405 | Objects do not go. | Look at the finalizers that the message names, then run `./build.sh Teardown` again.
        FT0406 | A graph does not answer. | See whether it was deployed, and its frontend's log.
        FT0407 | The stand-in is not installed beside a Dynamo platform or over somebody's objects. | Choose another namespace or cluster.
        FT0408 | Graphs are still there. | Remove them before UninstallStandIn.
        FT0409 | There is no etcd or NATS to restart, or they did not come back. | Leave out `--restart-platform`.
        FT0410 | Objects of somebody else are in the way of a graph. | Remove or rename those that the message names, or choose another `--namespace`; nothing was made.
        FT0411 | A container can never be ready. | The message says why: an image name, a missing configuration, or how it ended each time.
        FT0412 | Somebody else deleted a graph during its run. | The row is invalid; see who else works in the namespace.
        """;

    private const string Loads = """
        FT0501 | The clients' logs cannot be made. | See whether the results folder can be written.
        FT0502 | The clients' logs or the timeline could not be written on the way. | See whether the disk is full.
        FT0503 | A load asks for what cannot be. | Correct it in scenarios.json.
        FT0504 | The load has ended already. | Start another: `./build.sh Load`.
        FT0505 | The load of a scenario was made already in this run. | Begin a new run; a row has one load.
        FT0506 | No load is under way that could be marked. | Mark while a load runs; name its run with `--run`.
        FT0510 | The address of a service is none, or has a secret in it. | Give `http://` or `https://`, host, port and the path before `/v1`; keys come from a file or the environment.
        FT0511 | A service cannot be reached, or does not answer. | See whether the host's name, its port and the service are right.
        FT0512 | A service's certificate is not trusted. | Name the authority that signed it: `--ca-file`; the name in the address must be the certificate's.
        FT0513 | A port does not speak what is asked: TLS, HTTP/1.1 or HTTP/2. | Correct `http://` or `https://`, or `--http`.
        FT0514 | A service refuses the API key or the headers. | Correct the key's file, or `FAULTMATRIX_API_KEY`.
        FT0515 | A service does not have the path. | The address is what comes before `/v1`.
        FT0516 | A service redirects. | Name the address that it leads to.
        FT0517 | What answers is no completion of the API: a page, or other JSON. | See whether the address is the service's own.
        FT0518 | A service does not have the model, or lists none. | Name one with `--model`.
        FT0519 | A file or variable of authorities, of the API key or of headers cannot be used. | Correct what the message names.
        FT0520 | A service refuses the first request. | Read its words in the message.
        FT0521 | The program of a load's pod was called wrongly, or cannot read its plan. | The tool calls it; use the image of the same version as the tool.
        FT0522 | The plan and the files of a load from the cluster are too large for a Secret. | Use shorter files of prompts or traces, or let the load come from here.
        FT0523 | The pods of a load did not come, or cannot send. | The message has the cluster's words; see `image` and what the namespace allows.
        FT0524 | A row cannot have its load from the cluster, or from both. | Remove what the message names, or `"from"`.
        FT0525 | A log that came from a load's pod is not what the pod wrote. | The row is invalid; run it again.
        FT0526 | A service did not come to rest between two steps of a search for a rate. | See what it still works at; the steps before stand in the row. Try lower `--rates`.
        FT0540 | A file of prompts or of a trace was changed since the run was planned. | Put it back, or begin a new run.
        """;

    private const string Faults = """
        FT0601 | A failure aims at a service or role that the graph does not have. | Take one of those that the message lists.
        FT0604 | No process of the container matches. | The message lists those that run there.
        FT0605 | A signal would do nothing to the process. | Choose another signal or failure.
        FT0606 | No proof of a fault came in time. | The row is unproven; the message says what was still to be seen.
        FT0607 | The container's user may not send the signal. | Run the container as the user of its processes.
        FT0608 | The container has no shell, and none can be lent. | Use pod deletion, or grant patch on pods/ephemeralcontainers.
        FT0609 | The container's processes cannot be listed. | Read the container's words in the message.
        FT0610 | The pod was gone before it could be deleted. | Somebody else removed it; run the scenario again.
        FT0611 | A service has no pod to break. | See why none is there.
        FT0612 | The processes ended by themselves before the signal was sent. | See their logs; run the scenario again.
        FT0613 | The pod's processes cannot be told from those of others. | Kills need PID namespaces, and pods without `hostPID`.
        FT0614 | The journal of faults cannot be written, so a fault that lasts was not carried out. | See whether the run's folder can be written.
        FT0615 | A fault that lasts could not be undone. | The message says what is left, and how to undo it by hand.
        FT0616 | A hard crash of PID 1 cannot be made in this container. | It needs `prlimit` or Python there, or choose another fault.
        FT0617 | The container ended in another way than by the fault. | The row is unproven; read its exit code in the message.
        FT0618 | The pod has no container of that name. | Take one of those that the message lists.
        FT0619 | Two containers of a pod have the process that a failure names. | Say which is meant: `container`.
        FT0620 | A fault would hit more pods than its limit allows. | Choose fewer pods, or another `maxPods` or `maxPercent`.
        FT0621 | The container lacks a program that the fault needs. | Take an image that has it, or another fault.
        FT0622 | The command of a `command` fault failed. | Run it by hand in the container; it has to end with 0.
        FT0623 | A disruption budget refuses the eviction. | That is the budget's doing; see it, or delete the pod instead.
        FT0624 | The object that a service is made of is not there, or is of no known form. | See which objects the graph consists of (`--plan`).
        FT0625 | Requests of a fault have no way to a frontend. | See whether the frontend is ready and lists a model.
        FT0626 | A fault was to come when all replicas are ready again, and they are not. | See why; the faults after it were not carried out.
        FT0627 | A connection that is to prove a fault of the network cannot be made before the fault. | See whether the target listens there, or name another `port`.
        FT0628 | The pods of two services cannot be told apart by their labels. | Give the services' pods labels of their own.
        FT0629 | NetworkPolicies are not enforced in this cluster; the policy was removed again. | Use a cluster whose network enforces them.
        FT0630 | A fault of the network cannot be made in this cluster. | The message says what is missing: ephemeral containers, an image (`--network-image`), or networks of the pods' own on a local cluster.
        FT0631 | The container that breaks a pod's network does not run. | See the pod's events; it needs NET_ADMIN and an image with `tc`, `ip` and `nft`.
        FT0640 | The load was stopped (`stopWhen`) before a fault had its proof. | The row says which limit was broken; it is no sound row.
        FT0641 | What a fault waits for (`when`) did not come. | The message says what; the fault and those after it were not carried out.
        """;

    private const string Artefacts = """
        FT0701 | The results folder cannot be written. | Name another with `--results`.
        FT0702 | A run of that name exists. | A run never overwrites another; name another with `--run`.
        FT0703 | A run's description cannot be read. | Its `run.json` is missing or broken.
        FT0705 | An artefact could not be written. | See whether the disk is full; what came later is missing in it.
        FT0706 | An artefact of a pod could not be collected. | The row stands; the message names what is missing in its folder.
        FT0707 | A pod's logs could not be saved before its deletion. | The fault was done all the same; those logs are missing.
        FT0708 | A part of a scenario did not end in time when it was torn down. | The graph was removed all the same; the message names the part.
        FT0709 | A run's plan is missing or cannot be read. | The run cannot be gone on with; begin a new one.
        FT0712 | A report cannot be written. | See whether the folder can be written.
        """;

    private const string Parsing = """
        FT0801 | There is no run to parse. | Name one with `--run` or `--results`.
        FT0802 | An artefact cannot be read. | The message names the file.
        FT0803 | A line of an artefact cannot be read. | It is passed over; the message names it.
        FT0804 | A part of the artefacts is missing. | The values that need it are unknown.
        FT0805 | Stamps name no zone, and one was assumed. | Name it where the folder is parsed.
        FT0806 | A pod's folder has the name of no service that is known. | Its ready texts are not looked for.
        FT0807 | A scenario that was asked for left no folder. | Its row says so.
        FT0808 | A folder's name is no scenario's. | Its row stands under the name as it is.
        FT0809 | Clients recorded different numbers of requests. | See whether one ended early.
        FT0810 | A phase of a scenario failed, so its row has no result. | The message says why.
        FT0811 | No ready text was found. | Recovery by log is unknown for that service.
        FT0812 | A fault is unproven, so its row has no result. | The message says what was not seen.
        FT0813 | The cluster's clock was off by more than its uncertainty. | Stamps of pods are corrected by it.
        FT0814 | Requests failed in this tool's own transport. | They say nothing of the service, and are left out; the message says how many.
        FT0815 | Two runs do not mean the same by their measures. | Make both with one version of this tool; a run is gone on with by the version that began it.
        FT0816 | A run's checks cannot be read. | Correct `checks.json` in its folder.
        FT0820 | A check failed, and `--gate` was given. | Read the evidence in the message.
        FT0821 | A strict gate was asked for, and the run has no checks. | Write some under `checks` in scenarios.json.
        FT0822 | An offset from UTC cannot be read. | Write `UTC`, `+02:00` or `-05:30`.
        FT0823 | A row is invalid: what was measured cannot be trusted. | The message says what broke: the books, the generator, the connection, the graph, or a baseline that fails by itself.
        FT0830 | Somebody else deleted pods, or the graph, during the load. | The row is invalid; see who else works in the namespace.
        FT0831 | What the graph's processes counted is not what this row's clients sent. | The row is invalid: other clients, or another row's graph, took part.
        FT0832 | The artefacts of a row were not collected. | Its pods' logs are missing; go on with the run by `--continue`.
        FT0833 | The run lost its namespace during a row. | The row is invalid; see who else works in the namespace.
        FT0834 | Runs cannot be joined: they are no parts of one plan. | Name the runs of one `--partition`, made of one scenarios file with the same options.
        FT0835 | The machine had no processor left in some rows. | Their times are too long by what came late; run fewer rows at a time (`--parallelism`), ask for less, or take a larger machine.
        """;

    private const string Mistakes = """
        FT0901 | The books of a load do not add up. | Please report it, with the run's folder.
        FT0902 | A request is recorded twice. | Please report it, with the run's folder.
        FT0903 | A worker process of the build ended. | Open rows were collected and removed; run again with `--continue`.
        FT0904 | A generated file lacks what stays written by hand. | Restore it from the repository.
        FT0905 | A parameter is declared in a way that is not understood. | Correct FaultTolerance.Parameters.props.
        FT0906 | The load generator failed. | Please report it, with the message.
        FT0999 | Something happened that nobody foresaw. | Please report it, with the file that the message names.
        """;

    private const string LocalCluster = """
        FT3001 | A word of the command line is wrong. | Give what the message asks for.
        FT3002 | A folder or file named there is missing. | Correct its path.
        FT3003 | The data folder cannot be used. | Name another.
        FT3004 | The kubeconfig cannot be written. | Name another file.
        FT3005 | A manifest was refused. | Correct it at the place named.
        FT3006 | The port cannot be used. | Choose another with `--port`, or 0 for a free one.
        FT3009 | The local cluster stopped working. | Please report it, with the message.
        FT3020 | A signal to a process was refused. | See who owns the process.
        FT3021 | Every loopback network is taken by another local cluster. | End one of them.
        FT3022 | An image's description cannot be read. | Correct its `image.json`.
        """;
}
