using System.Diagnostics;
using System.Text.Json.Nodes;
using FaultTolerance.Faults.Network;

namespace FaultTolerance.Tests.Faults.Network;

/// <summary>What the lent container does, by a real shell and by tools that only write down what they were told.</summary>
public sealed class LentNetworkScriptTests : IDisposable
{
    private const string Tool = """
        #!/bin/sh
        case ${0##*/} in
          ip) echo 'default via 10.0.0.1 dev eth7 proto static'; exit 0;;
        esac
        case "$*" in 'qdisc show'*|'list table'*) [ -e "$STATE" ] && echo "qdisc netem 7777: root" && exit 0; exit 1;; esac
        echo "${0##*/} $*" >>"$LOG"
        case "$*" in *' del '*|delete*|*' delete '*) rm -f "$STATE";; *add*) : >"$STATE";; esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    public LentNetworkScriptTests()
    {
        foreach (var name in new[] { "tc", "nft", "ip" })
        {
            var file = Path.Combine(_folder, name);
            File.WriteAllText(file, Tool);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Command_queues_the_answers_of_all_and_undoes_it_at_its_deadline()
    {
        var output = await RunAsync(LentNetworkScript.Command("faultmatrix-work-1-a", 1, Effect(queue: "netem delay 100ms"), []));

        Assert.Equal("applied", output.Trim());
        Assert.Equal(
            ["tc qdisc add dev eth7 root handle 7777: netem delay 100ms", "tc qdisc del dev eth7 root handle 7777:",
                "nft delete table inet faultmatrix"],
            Log());
    }

    [Fact]
    public async Task Command_queues_only_the_answers_to_those_who_are_meant()
    {
        await RunAsync(LentNetworkScript.Command("faultmatrix-work-1-a", 1, Effect(queue: "netem loss 10%"), ["10.1.0.1", "10.1.0.2"]));

        Assert.Contains("tc qdisc add dev eth7 parent 7777:4 handle 7778: netem loss 10%", Log());
        Assert.Equal(2, Log().Count(line => line.Contains("match ip dst 10.1.0.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Command_filters_what_comes_in_from_those_who_are_meant()
    {
        await RunAsync(LentNetworkScript.Command("faultmatrix-work-1-a", 1, Effect(verdict: "counter drop"), ["10.1.0.1"]));

        Assert.Contains("nft add rule inet faultmatrix in iifname != lo ip saddr 10.1.0.1 counter drop", Log());
        Assert.DoesNotContain(Log(), line => line.StartsWith("tc qdisc add", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ending_undoes_it_and_says_so()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "state"), "", TestContext.Current.CancellationToken);

        Assert.Contains("ended", (await RunAsync(LentNetworkScript.Ending("faultmatrix-work-1-a"))).Split('\n'));
        Assert.Contains("tc qdisc del dev eth7 root handle 7777:", Log());
    }

    [Fact]
    public void Counts_adds_up_what_tc_and_nft_say() => Assert.Equal(
        new NetworkCounts(Dropped: 9, Delayed: 16, Resets: 4),
        LentNetworkScript.Counts(
            """
            qdisc netem 7777: root refcnt 2 limit 1000 delay 100ms
             Sent 5000 bytes 50 pkt (dropped 5, overlimits 12 requeues 0)
             backlog 120b 4p requeues 0
            table inet faultmatrix { chain in { iifname != "lo" counter packets 4 bytes 240 drop } }
            """));

    private static NetworkEffect Effect(string? queue = null, string? verdict = null) => new(null, new JsonObject(), queue, verdict);

    private string[] Log() => File.ReadAllLines(Path.Combine(_folder, "log"));

    // Only the tools of this folder: the machine's own network is nobody's to break.
    private async Task<string> RunAsync(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["PATH"] = $"{_folder}:/usr/bin:/bin";
        start.Environment["LOG"] = Path.Combine(_folder, "log");
        start.Environment["STATE"] = Path.Combine(_folder, "state");
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }
}
