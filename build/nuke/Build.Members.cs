// Written by ./build.sh Schema from src/FaultTolerance.Tasks/build/FaultTolerance.Parameters.props.
using System.Collections.Generic;
using Nuke.Common;

partial class Build
{
    [Parameter("With --url: what the service is asked for; chat if not given")]
    readonly string Api;

    [Parameter("With --url: file that holds the service's API key; else the variable FAULTMATRIX_API_KEY does")]
    readonly string ApiKeyFile;

    [Parameter("With --url: PEM file of the authorities that are trusted, in place of the system's")]
    readonly string CaFile;

    [Parameter("Columns of the summary table on the console, in order: startup, success-before, failed-before, success-after, failed-after, latency-before, latency-after, violations-before, violations-after, recovery, landed, first-error, first-notice, container-started, engine-initialised, pod-ready, endpoint-back, first-success, last-error, harmed, outage, outage-worst-client, downtime-from-losses, steady, capacity-back, lost-requests, damages, lost-tokens, depth, area-requests, planned, sent, not-sent, succeeded, failed, attempts, kept-resets, own-transport, new-connections, connect-p50, connect-p99, connect-max, upgrade-failed-requests, upgrade-fewest-ready, upgrade-new-pods, upgrade-old-pods, upgrade-restarts, upgrade-took, faults, faults-open, availability, availability-low, availability-high, mttr, continuity, continuity-low, continuity-high, streams-compared, streams-differing, streams-broken-off, streams-open, streams-went-on, migrations, tokens-lost, tokens-doubled, tokens-added, tokens-changed, characters-wrong, stream-pause, request-throughput, output-token-throughput, latency-mean, latency-p50, latency-p90, latency-p95, latency-p99, latency-max, ttft-mean, ttft-p50, ttft-p90, ttft-p95, ttft-p99, ttft-max, itl-mean, itl-p50, itl-p90, itl-p95, itl-p99, itl-max, tpot-mean, tpot-p50, tpot-p90, tpot-p95, tpot-p99, tpot-max, goodput, request-goodput, rate-held, rate-not-held, state")]
    readonly string[] Columns;

    [Parameter("Context of the kubeconfig to use; the current one if not given")]
    readonly string Context;

    [Parameter("Deployments to select, by name or glob")]
    readonly string[] Deployment;

    [Parameter("How long a graph may say without a break that it failed; 120 s if not given")]
    readonly string FailedTimeout;

    [Parameter("Failures to select, by name or glob")]
    readonly string[] Failure;

    [Parameter("With --url: looks for the highest arrival rate at which --goodput holds, by short loads one after the other")]
    readonly bool FindRate;

    [Parameter("With --find-rate: loads at most; 16 if not given")]
    readonly int? FindSteps;

    [Parameter("With --find-rate: no load begins that would end later than this; not limited if not given")]
    readonly string FindTime;

    [Parameter("Form of the summary table on the console")]
    readonly string Format;

    [Parameter("Fails the run when a check fails")]
    readonly bool Gate;

    [Parameter("With --url: within what a request has to stay to be good, ttft= itl= latency= (0.5 or 500ms); with --find-rate share= of them too, 0.95 if not given")]
    readonly string[] Goodput;

    [Parameter("Installs the stand-in's Grove too: with InstallStandIn, and on a local cluster that is started now")]
    readonly bool Grove;

    [Parameter("With --url: file of header lines for the service; else the variable FAULTMATRIX_HEADERS holds them")]
    readonly string HeadersFile;

    [Parameter("With --url: the HTTP version; 1.1 if not given")]
    readonly string Http;

    [Parameter("Image of frontends and workers, instead of the manifests' own; CONTAINER=IMAGE sets that of one container")]
    readonly string[] Image;

    [Parameter("With --url: tokens of each prompt, a number or a distribution as scenarios.json has it")]
    readonly string InputTokens;

    [Parameter("Kubeconfig of the cluster to use")]
    readonly string Kubeconfig;

    [Parameter("Lists the selected scenarios and ends")]
    readonly bool List;

    [Parameter("From where all loads come: this process, pods of the cluster, or these with one client of this process beside them; as each load says if not given")]
    readonly string LoadFrom;

    [Parameter("With --load-from cluster or both: the tool's image; as each load says, or faultmatrix/tool:1, if not given")]
    readonly string LoadImage;

    [Parameter("With --load-from cluster or both: pods of each load; as it says, or 1, if not given")]
    readonly int? LoadPods;

    [Parameter("Profile of the load and the stand-in's timing: quick, published, or one of the scenarios file")]
    readonly string LoadProfile;

    [Parameter("Model that the clients ask for, instead of the manifests' own")]
    readonly string Model;

    [Parameter("Namespace that the graphs are deployed to; fault-matrix on the local cluster, else the context's")]
    readonly string Namespace;

    [Parameter("Image with tc, ip and nft of the ephemeral container that breaks a pod's network, on clusters that do not do so themselves")]
    readonly string NetworkImage;

    [Parameter("With --url: tokens that each request asks for, a number or a distribution")]
    readonly string OutputTokens;

    [Parameter("Scenarios that run at the same time; as many as the load profile says if not given")]
    readonly int? Parallelism;

    [Parameter("Gives each pod of a local cluster that is started now a network of its own, as faults of the network need; selected ones turn it on")]
    readonly bool PodNetworks;

    [Parameter("With --url: JSONL file of the prompts, a list of messages a line")]
    readonly string Prompts;

    [Parameter("With --find-rate: the lowest and the highest rate that is tried, requests a second; 1-1000 if not given")]
    readonly string Rates;

    [Parameter("How long a graph may take to become ready")]
    readonly string ReadyTimeout;

    [Parameter("Restarts the Dynamo platform's etcd and NATS before each scenario; never done unasked")]
    readonly bool RestartPlatform;

    [Parameter("Folder that runs are kept in; for Parse and Report also one run's folder")]
    readonly string Results;

    [Parameter("Identifier of a run; a new one for FaultMatrix, Deploy and Merge, else the latest")]
    readonly string Run;

    [Parameter("Runs as ids or folders: two to compare, older first; all parts to merge; or those of a history, all of --results if not given")]
    readonly string[] Runs;

    [Parameter("Scenarios to select, by name or glob")]
    readonly string[] Scenario;

    [Parameter("File of deployments, loads, failures and the matrix")]
    readonly string ScenariosFile;

    [Parameter("Seed of every random choice")]
    readonly int? Seed;

    [Parameter("Lets others of this machine read the run's folder, as far as the umask does; else only its owner can")]
    readonly bool SharedResults;

    [Parameter("Image with /bin/sh of the ephemeral container that a process kill takes where the container has no shell; busybox:1.36 if not given")]
    readonly string ShellImage;

    [Parameter("Latency above which a request breaks the SLA; adds the violation columns")]
    readonly string Sla;

    [Parameter("With --find-rate: how long each load is measured; 10 s if not given")]
    readonly string StepTime;

    [Parameter("With --find-rate: the first part of each load, which is not counted; 2 s if not given")]
    readonly string StepWarmUp;

    [Parameter("An unknown check counts as failed")]
    readonly bool Strict;

    [Parameter("How long a teardown waits for deleted objects to be gone")]
    readonly string TeardownTimeout;

    [Parameter("What Mark says of the moment; the words after Mark mean the same")]
    readonly string Text;

    [Parameter("With --url: trace of Mooncake's form, replayed at its times")]
    readonly string Trace;

    [Parameter("With --trace: how many times as fast it is replayed; 1 if not given")]
    readonly string TraceSpeed;

    [Parameter("How clients reach the frontend: port-forward per connection, the service's address inside the cluster, or the address of --url")]
    readonly string Transport;

    [Parameter("How often each row is run, in seeded random order; once if not given")]
    readonly int? Trials;

    [Parameter("Address of a service: Load sends it a load without a cluster; with --transport url it leads to a graph's frontends")]
    readonly string Url;

    [Parameter("Waits for another run in the namespace to end instead of refusing")]
    readonly bool Wait;

    Target FaultMatrix => _ => _
        .Description("Runs every selected scenario and prints the tables")
        .Executes(() => Call(nameof(FaultMatrix)));

    Target Deploy => _ => _
        .Description("Creates the graph of each selected scenario and waits until it answers")
        .After(FaultMatrix)
        .Executes(() => Call(nameof(Deploy)));

    Target Load => _ => _
        .Description("Sends the scenario's requests to a deployed graph")
        .After(FaultMatrix, Deploy)
        .Executes(() => Call(nameof(Load)));

    Target Inject => _ => _
        .Description("Injects the scenario's failure into a deployed graph, and proves it")
        .After(FaultMatrix, Deploy, Load)
        .Executes(() => Call(nameof(Inject)));

    Target Collect => _ => _
        .Description("Saves logs, metrics and manifests of a deployed graph")
        .After(FaultMatrix, Deploy, Load, Inject)
        .AssuredAfterFailure()
        .Executes(() => Call(nameof(Collect)));

    Target Teardown => _ => _
        .Description("Removes everything that runs have made, found by its labels")
        .After(FaultMatrix, Deploy, Load, Inject, Collect)
        .AssuredAfterFailure()
        .Executes(() => Call(nameof(Teardown)));

    Target Parse => _ => _
        .Description("Computes the tables of a run from its folder")
        .After(FaultMatrix, Deploy, Load, Inject, Collect, Teardown)
        .AssuredAfterFailure()
        .Executes(() => Call(nameof(Parse)));

    Target Report => _ => _
        .Description("Writes the HTML report of a run")
        .After(FaultMatrix, Deploy, Load, Inject, Collect, Teardown, Parse)
        .Executes(() => Call(nameof(Report)));

    Target Compare => _ => _
        .Description("Compares two runs row by row")
        .After(FaultMatrix, Deploy, Load, Inject, Collect, Teardown, Parse, Report)
        .Executes(() => Call(nameof(Compare)));

    Target Merge => _ => _
        .Description("Joins the runs of a partition into one new run, and prints its tables")
        .After(FaultMatrix, Deploy, Load, Inject, Collect, Teardown, Parse, Report, Compare)
        .Executes(() => Call(nameof(Merge)));

    Target History => _ => _
        .Description("Makes one page of many runs: a line a row and measure over time")
        .After(FaultMatrix, Deploy, Load, Inject, Collect, Teardown, Parse, Report, Compare, Merge)
        .Executes(() => Call(nameof(History)));

    Target Mark => _ => _
        .Description("Marks the moment in every load of a run that is under way: what somebody breaks by hand")
        .After(FaultMatrix, Deploy, Load, Inject, Collect, Teardown, Parse, Report, Compare, Merge, History)
        .Executes(() => Call(nameof(Mark)));

    Target Heal => _ => _
        .Description("Undoes the faults that a killed command has left in the namespace")
        .After(FaultMatrix, Deploy, Load, Inject, Collect, Teardown, Parse, Report, Compare, Merge, History, Mark)
        .AssuredAfterFailure()
        .Executes(() => Call(nameof(Heal)));

    Target InstallStandIn => _ => _
        .Description("Installs the stand-in's resource definition and operator into a cluster that has no Dynamo platform")
        .After(FaultMatrix, Deploy, Load, Inject, Collect, Teardown, Parse, Report, Compare, Merge, History, Mark, Heal)
        .Executes(() => Call(nameof(InstallStandIn)));

    Target UninstallStandIn => _ => _
        .Description("Removes what InstallStandIn installed")
        .After(FaultMatrix, Deploy, Load, Inject, Collect, Teardown, Parse, Report, Compare, Merge, History, Mark, Heal, InstallStandIn)
        .Executes(() => Call(nameof(UninstallStandIn)));

    Target Reference => _ => _
        .Description("Writes what is generated from the code: the scenarios' schema, the Roles, tables and pages of docs")
        .After(FaultMatrix, Deploy, Load, Inject, Collect, Teardown, Parse, Report, Compare, Merge, History, Mark, Heal, InstallStandIn, UninstallStandIn)
        .Executes(() => Call(nameof(Reference)));

    IEnumerable<(string Name, string Value)> Given()
    {
        yield return (nameof(Api), Api);
        yield return (nameof(ApiKeyFile), Full(ApiKeyFile));
        yield return (nameof(CaFile), Full(CaFile));
        yield return (nameof(Columns), Joined(Columns));
        yield return (nameof(Context), Context);
        yield return (nameof(Deployment), Joined(Deployment));
        yield return (nameof(FailedTimeout), FailedTimeout);
        yield return (nameof(Failure), Joined(Failure));
        yield return (nameof(FindRate), FindRate ? "true" : "");
        yield return (nameof(FindSteps), $"{FindSteps}");
        yield return (nameof(FindTime), FindTime);
        yield return (nameof(Format), Format);
        yield return (nameof(Gate), Gate ? "true" : "");
        yield return (nameof(Goodput), Joined(Goodput));
        yield return (nameof(Grove), Grove ? "true" : "");
        yield return (nameof(HeadersFile), Full(HeadersFile));
        yield return (nameof(Http), Http);
        yield return (nameof(Image), Joined(Image));
        yield return (nameof(InputTokens), InputTokens);
        yield return (nameof(Kubeconfig), Full(Kubeconfig));
        yield return (nameof(List), List ? "true" : "");
        yield return (nameof(LoadFrom), LoadFrom);
        yield return (nameof(LoadImage), LoadImage);
        yield return (nameof(LoadPods), $"{LoadPods}");
        yield return (nameof(LoadProfile), LoadProfile);
        yield return (nameof(Model), Model);
        yield return (nameof(Namespace), Namespace);
        yield return (nameof(NetworkImage), NetworkImage);
        yield return (nameof(OutputTokens), OutputTokens);
        yield return (nameof(Parallelism), $"{Parallelism}");
        yield return (nameof(PodNetworks), PodNetworks ? "true" : "");
        yield return (nameof(Prompts), Full(Prompts));
        yield return (nameof(Rates), Rates);
        yield return (nameof(ReadyTimeout), ReadyTimeout);
        yield return (nameof(RestartPlatform), RestartPlatform ? "true" : "");
        yield return (nameof(Results), Full(Results));
        yield return (nameof(Run), Run);
        yield return (nameof(Runs), Joined(Runs));
        yield return (nameof(Scenario), Joined(Scenario));
        yield return (nameof(ScenariosFile), Full(ScenariosFile));
        yield return (nameof(Seed), $"{Seed}");
        yield return (nameof(SharedResults), SharedResults ? "true" : "");
        yield return (nameof(ShellImage), ShellImage);
        yield return (nameof(Sla), Sla);
        yield return (nameof(StepTime), StepTime);
        yield return (nameof(StepWarmUp), StepWarmUp);
        yield return (nameof(Strict), Strict ? "true" : "");
        yield return (nameof(TeardownTimeout), TeardownTimeout);
        yield return (nameof(Text), Text);
        yield return (nameof(Trace), Full(Trace));
        yield return (nameof(TraceSpeed), TraceSpeed);
        yield return (nameof(Transport), Transport);
        yield return (nameof(Trials), $"{Trials}");
        yield return (nameof(Url), Url);
        yield return (nameof(Wait), Wait ? "true" : "");
    }
}
