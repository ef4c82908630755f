using System.Diagnostics;

namespace EndToEnd;

/// <summary>One kubectl program, pointed at one cluster.</summary>
internal sealed class Kubectl(string program, string kubeconfig)
{
    /// <summary>The kubectl of PATH, or null.</summary>
    public static string? OnPath { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(f => Path.Combine(f, "kubectl")).FirstOrDefault(File.Exists);

    /// <summary>Debian's 1.20, where the environment names it, or null.</summary>
    public static string? Version120 { get; } =
        Environment.GetEnvironmentVariable("FAULTMATRIX_KUBECTL_120") is { Length: > 0 } file ? file : null;

    /// <summary>Runs it to its end.</summary>
    /// <returns>Exit code, standard output, and standard error.</returns>
    public async Task<(int ExitCode, string Output, string Errors)> TryAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Runs it to its end, which must be a good one.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, errors) = await TryAsync(arguments);
        Assert.True(code == 0, $"kubectl {string.Join(' ', arguments)}: exit code {code}: {errors}{output}");
        return output;
    }

    /// <summary>Runs it, has <paramref name="cause"/> done, and reads until a line is as wanted; then ends it.</summary>
    public async Task<string> UntilLineAsync(Func<string, bool> matches, Func<Task> cause, params string[] arguments)
    {
        using var process = Start(arguments);
        try
        {
            var first = await process.StandardOutput.ReadLineAsync(Cancellation);
            await cause();
            for (var line = first; line is not null; line = await process.StandardOutput.ReadLineAsync(Cancellation))
            {
                if (matches(line))
                {
                    return line;
                }
            }

            throw new InvalidOperationException(
                $"kubectl {string.Join(' ', arguments)} ended: {await process.StandardError.ReadToEndAsync(Cancellation)}"
            );
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root,
        };
        start.Environment["KUBECONFIG"] = kubeconfig;
        return Process.Start(start)!;
    }
}
