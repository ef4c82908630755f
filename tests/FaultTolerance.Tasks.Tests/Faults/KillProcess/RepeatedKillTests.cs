using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.Faults;
using FaultTolerance.Faults.CrashLoop;
using FaultTolerance.Faults.RestartContainer;
using FaultTolerance.Tests.Cluster;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Faults.KillProcess;

/// <summary>Kills that come again, and the container's own end: by which process, how often, and what is said of it.</summary>
public sealed class RepeatedKillTests
{
    private static readonly string Stat = string.Join(' ', Enumerable.Range(5, 17));
    private readonly ConcurrentDictionary<string, string> _commands = new(StringComparer.Ordinal);
    private int _pid = 7;
    private int _down;
    private Action _onKill = static () => { };

    [Fact]
    public async Task Crash_loop_kills_the_process_each_time_it_is_there_again_under_another_PID()
    {
        await using var stage = await StageAsync(("main", "python3 -m dynamo.vllm"));
        _onKill = () =>
        {
            _pid += 10;
            _down = 2;
        };

        var outcome = Assert.Single(await stage.RunAsync(Crash(times: 3)));

        Assert.Equal("process gone (PID 7, start 200); killed 3 times in all, container restarts 0", outcome.Proof?.Text
            ?? outcome.Error!.Message);
        Assert.Equal(37, _pid);
        Assert.Single(stage.Events("fault.landed"));
    }

    [Fact]
    public async Task Crash_loop_finds_the_process_in_another_container_and_says_so()
    {
        await using var stage = await StageAsync(("main", "sidecar"), ("vllm-engine", "python3 -m dynamo.vllm"));
        _onKill = () => _pid++;

        var outcome = Assert.Single(await stage.RunAsync(Crash(times: 2)));

        Assert.StartsWith(
            "process gone (PID 7, start 200); in container vllm-engine, as main has no match; killed 2 times", outcome.Proof?.Text
                ?? outcome.Error!.Message,
            StringComparison.Ordinal);
        Assert.Equal("vllm-engine", Assert.Single(stage.Events("fault.landed"))["container"]!.GetValue<string>());
    }

    [Fact]
    public async Task Crash_loop_whose_process_does_not_come_back_is_unproven()
    {
        await using var stage = await StageAsync(("main", "python3 -m dynamo.vllm"));
        stage.Options = new FaultOptions { RevivalTimeout = TimeSpan.FromSeconds(0.5) };
        _onKill = () => _down = int.MaxValue;

        Assert.Equal("FT0604", Assert.Single(await stage.RunAsync(Crash(times: 2))).Error!.Code);
    }

    [Fact]
    public async Task Restart_of_a_container_ends_its_first_process_and_sees_it_run_again()
    {
        await using var stage = await StageAsync(("main", "python3 -m dynamo.vllm"));
        _onKill = () => stage.Pods.Change("small-0", pod =>
        {
            var status = pod["status"]!["containerStatuses"]![0]!;
            status["restartCount"] = 1;
            status["containerID"] = "c-1";
            status["lastState"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 0, ["reason"] = "Completed" } };
        });

        var outcome = Assert.Single(await stage.RunAsync(Restart()));

        Assert.EndsWith("; runs again, restarts 1", outcome.Proof?.Text ?? outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Equal([1L], stage.Events("fault.landed").Select(item => item["pid"]!.GetValue<long>()));
    }

    [Fact]
    public async Task Restart_of_a_container_that_stays_down_is_unproven()
    {
        await using var stage = await StageAsync(("main", "python3 -m dynamo.vllm"));
        stage.Options = new FaultOptions { ProofTimeout = TimeSpan.FromSeconds(1) };
        _onKill = () => stage.End("small-0", exitCode: 0, reason: "Completed");

        Assert.Equal("FT0606", Assert.Single(await stage.RunAsync(Restart())).Error!.Code);
    }

    private static CrashLoopFault Crash(int times) => new()
    {
        Target = "decode", Process = "dynamo.vllm", Signal = "SIGKILL", Times = times, Every = TimeSpan.Zero, After = TimeSpan.Zero,
    };

    private static RestartContainerFault Restart() => new() { Target = "decode", After = TimeSpan.Zero };

    private async Task<FaultStage> StageAsync(params (string Name, string Runs)[] containers)
    {
        var stage = await FaultStage.StartAsync(pods: 1);
        stage.Handle = http =>
            http.Request.Path.Value!.EndsWith("/exec", StringComparison.Ordinal) ? ExecAsync(http) : Task.FromResult(false);
        stage.Pods.Change("small-0", pod =>
        {
            pod["spec"]!["containers"] = new JsonArray([.. containers.Select(c => new JsonObject { ["name"] = c.Name, ["image"] = "x" })]);
            pod["status"]!["containerStatuses"] = new JsonArray([.. containers.Select(c =>
            {
                var status = pod["status"]!["containerStatuses"]![0]!.DeepClone();
                status["name"] = c.Name;
                return status;
            })]);
        });
        foreach (var (name, runs) in containers)
        {
            _commands[name] = runs;
        }

        return stage;
    }

    // Lists the processes, the one of the service only while it is not down; each kill ends what it names.
    private Task<bool> ExecAsync(HttpContext http) => FakeApi.SocketAsync(http, "v5.channel.k8s.io", async socket =>
    {
        string[] command = [.. http.Request.Query["command"]!];
        if (command[2].Contains("SigCgt", StringComparison.Ordinal))
        {
            var there = _down == 0 ? $"P|0;{_pid} (p) S 1 {Stat} 200 0|{_commands[http.Request.Query["container"]!]}\n" : "";
            _down = _down is 0 or int.MaxValue ? _down : _down - 1;
            await FakeApi.SendAsync(socket, 1, Encoding.UTF8.GetBytes($"P|4000;1 (init) S 0 {Stat} 100 0|init\n{there}"));
        }
        else
        {
            var hit = command.Contains("1", StringComparer.Ordinal) && !command.Contains($"{_pid}", StringComparer.Ordinal) ? 1 : _pid;
            await FakeApi.SendAsync(socket, 1, Encoding.UTF8.GetBytes($"sent {hit} 1.00 1.00\ngone {hit} 1.00 1.01\n"));
            _onKill();
        }

        await FakeApi.SendAsync(socket, 3, """{"status":"Success"}"""u8);
    });
}
