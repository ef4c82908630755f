using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using FaultTolerance.Graphs.Processes;
using FaultTolerance.Tests.Cluster;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Faults;

/// <summary>
/// Answers exec with this machine's own shell, so that what a kind sends is run and not taken for granted. Of the machine's processes only
/// those that a test names are listed.
/// </summary>
internal sealed class RealShell
{
    private readonly ConcurrentQueue<string> _ran = new();

    /// <summary>The processes that a list shows.</summary>
    public List<Process> Shown { get; } = [];

    /// <summary>What a list prints in place of <see cref="Shown"/>; null for that.</summary>
    public Func<CancellationToken, Task<string>>? Listing { get; set; }

    /// <summary>What a command prints instead of being run; null for one that is run.</summary>
    public Func<string[], string?> Answer { get; set; } = static _ => null;

    /// <summary>The scripts that were run.</summary>
    public IReadOnlyCollection<string> Ran => _ran;

    /// <summary>Processes of this machine whose command lines hold a text.</summary>
    public static IReadOnlyList<int> Marked(string token) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Where(pid => Read($"/proc/{pid}/cmdline").Contains(token, StringComparison.Ordinal) && State(Read($"/proc/{pid}/stat")) is not ('Z' or 'X'))
            .Select(pid => int.Parse(pid!, CultureInfo.InvariantCulture)),
    ];

    /// <summary>A process's state letter.</summary>
    public static char State(Process process) => State(Read($"/proc/{process.Id}/stat"));

    /// <summary>All processes of this machine, by the list's own script.</summary>
    public static async Task<string> WholeListAsync(CancellationToken cancellation) =>
        (await RunAsync([.. ProcessScript.ListCommand], cancellation)).Output;

    public Task<bool> AnswerAsync(HttpContext http) =>
        !http.Request.Path.Value!.EndsWith("/exec", StringComparison.Ordinal)
            ? Task.FromResult(false)
            : FakeApi.SocketAsync(http, "v5.channel.k8s.io", async socket =>
            {
                string[] command = [.. http.Request.Query["command"]!];
                _ran.Enqueue(command[2]);
                var (code, output) = command[2] == ProcessScript.List ? (0, Listing is { } list ? await list(http.RequestAborted) : List())
                    : Answer(command) is { } said ? (0, said) : await RunAsync(command, http.RequestAborted);
                if (output.Length > 0)
                {
                    await FakeApi.SendAsync(socket, 1, Encoding.UTF8.GetBytes(output));
                }

                var status = code == 0 ? """{"status":"Success"}"""
                    : $$$"""{"status":"Failure","message":"exit","details":{"causes":[{"reason":"ExitCode","message":"{{{code}}}"}]}}""";
                await FakeApi.SendAsync(socket, 3, Encoding.UTF8.GetBytes(status));
            });

    private string List() => string.Concat(Shown.Where(process => !process.HasExited).Select(process =>
        $"P|0,0;{Read($"/proc/{process.Id}/stat").Trim()}|{Read($"/proc/{process.Id}/cmdline").Replace('\0', ' ')}\n"));

    private static async Task<(int Code, string Output)> RunAsync(string[] command, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, output);
    }

    private static char State(string stat)
    {
        var end = stat.LastIndexOf(')');
        return end >= 0 && end + 2 < stat.Length ? stat[end + 2] : 'X';
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
