using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using Nuke.Common.Tools.DotNet;

/// <summary>The matrix for teams whose build is NUKE: the same names, the same MSBuild targets. On its own, ./build.sh does more.</summary>
class Build : NukeBuild
{
    public static int Main() => Execute<Build>(x => x.FaultMatrix);

    [Parameter("Namespace that the graphs are deployed to")] readonly string Namespace;
    [Parameter("Kubeconfig of the cluster to use")] readonly AbsolutePath Kubeconfig;
    [Parameter("Scenarios to select, by name or glob")] readonly string[] Scenario = [];
    [Parameter("Profile of the load: quick, published, or one of the scenarios file")] readonly string LoadProfile = "published";
    [Parameter("Scenarios that run at the same time")] readonly int Parallelism = 1;
    [Parameter("Identifier of a run")] readonly string Run;

    AbsolutePath Matrix => RootDirectory.Parent / "matrix.proj";

    Target FaultMatrix => _ => _.Description("Runs every selected scenario and prints the tables").Executes(() => Call(nameof(FaultMatrix)));
    Target Deploy => _ => _.Description("Creates the graph of each selected scenario").Executes(() => Call(nameof(Deploy)));
    Target Load => _ => _.Description("Sends the scenario's requests").Executes(() => Call(nameof(Load)));
    Target Inject => _ => _.Description("Injects the scenario's failure").Executes(() => Call(nameof(Inject)));
    Target Collect => _ => _.Description("Saves logs, metrics and manifests").Executes(() => Call(nameof(Collect)));
    Target Parse => _ => _.Description("Computes the tables of a run").Executes(() => Call(nameof(Parse)));
    Target Teardown => _ => _.Description("Removes everything that runs have made").Executes(() => Call(nameof(Teardown)));

    // Node reuse is off: a node that stays would keep an older task assembly.
    void Call(string target) => DotNetTasks.DotNetMSBuild(s => s
        .SetTargetPath(Matrix)
        .SetTargets(target)
        .SetMaxCpuCount(Parallelism)
        .DisableNodeReuse()
        .SetProperty("Namespace", Namespace)
        .SetProperty("Kubeconfig", Kubeconfig)
        .SetProperty("Scenario", string.Join("%3B", Scenario))
        .SetProperty("LoadProfile", LoadProfile)
        .SetProperty("Run", Run));
}
