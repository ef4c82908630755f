using System.Collections;
using FaultMatrix.Build.CommandLine;
using FaultMatrix.Build.Commands;
using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build;

/// <summary>One invocation of <c>build.sh</c>, from its words to its exit code.</summary>
internal static class Front
{
    // A command line of a script that went wrong can hold as many mistakes as words.
    private const int MostErrors = 20;

    public static async Task<int> RunAsync(string[] words)
    {
        DotnetRoot.Export();
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
        var host = HostNames.Detect(environment);
        var written = TolerantWriter.Install();
        var plain = new FrontConsole(Console.Error, FrontConsole.HasColour(environment, host, Console.IsErrorRedirected),
            TimeProvider.System);
        written.OnLost = e => plain.Error(new FrontError(
            "FT0113", $"Standard output cannot be written ({e.Message.TrimEnd('.')}); what is left of the command goes on without it."));
        var unforeseen = new Unforeseen(Path.GetTempPath(), TimeProvider.System);
        AppDomain.CurrentDomain.UnhandledException += (_, e) =>
        {
            plain.Error(unforeseen.Of(e.ExceptionObject as Exception ?? new InvalidOperationException($"{e.ExceptionObject}")));
            Environment.Exit(ExitCodes.NotMeasured);
        };
        try
        {
            var (code, isText) = await RunAsync(words, environment);
            return code == ExitCodes.Success && isText && written.Lost is not null ? ExitCodes.Usage : code;
        }
        catch (FrontException e)
        {
            Tell(e.Errors, host, plain);
            return e.ExitCode;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Tell([unforeseen.Of(e)], host, plain);
            return ExitCodes.NotMeasured;
        }
    }

    private static void Tell(IReadOnlyList<FrontError> errors, string host, FrontConsole console)
    {
        foreach (var error in errors.Take(MostErrors))
        {
            console.Error(error);
            if (HostFormat.Of(host, TimeProvider.System).Report(isError: true,
                error.RelativeTo(Environment.CurrentDirectory)) is { } report)
            {
                console.Raw(report);
            }
        }

        if (errors.Count > MostErrors)
        {
            console.Raw($"... and {errors.Count - MostErrors} more mistakes.");
        }
    }

    /// <returns>The exit code, and whether the command is nothing but its text.</returns>
    private static async Task<(int Code, bool IsText)> RunAsync(string[] words, Dictionary<string, string> environment)
    {
        var command = CommandLineParser.Parse(words);
        var folder = Environment.CurrentDirectory;
        var root = RootFolder.Find(command, folder, AppContext.BaseDirectory, environment);
        var home = ToolHome.Of(root, AppContext.BaseDirectory);
        var declarations = Declarations.Load(home);
        if (command.Find("shell-completion") is not null)
        {
            SchemaCommand.Write(root, declarations);
            return (ExitCodes.Success, false);
        }

        var binder = new ParameterBinder(declarations, root, folder, environment) { Home = home };
        var parameters = binder.Bind(command);
        var targets = binder.Targets(command, parameters);
        var skip = command.Find("skip") is { } argument ? binder.Resolve(argument.Values)
            : parameters.Items("Skip") is { Count: > 0 } names ? binder.Resolve(names) : null;
        var invocation = new Invocation(root, declarations, parameters, environment, home);
        var output = Output(parameters, environment);
        if (parameters.Flag("Help"))
        {
            output.Console.Raw(HelpText.Of(declarations, Width()).TrimEnd());
            return (ExitCodes.Success, true);
        }

        if (parameters.Text("Completion") is { } shell)
        {
            output.Console.Raw(CompletionScript.Of(shell, declarations, ParametersFiles.Profiles(root)).TrimEnd());
            return (ExitCodes.Success, true);
        }

        foreach (var warning in binder.Warnings)
        {
            output.Console.Line(Level.Warning, warning);
        }

        var plan = ExecutionPlan.Make(declarations, targets, skip);
        if (home != root && plan.NeedsSources is { } target)
        {
            throw new FrontException(
                "FT0124", $"The target '{target.Name}' works on the sources, and this is the tool alone; run it in a checkout.");
        }

        var unforeseen = new Unforeseen(invocation.Temp, output.Console.Time);
        using var signals = new Signals();
        if (parameters.Text("Plan") is not null || parameters.Flag("List"))
        {
            return (await new Preview(invocation, output, plan, signals, unforeseen).RunAsync(), true);
        }

        // A build server keeps what is written by itself.
        using var log = HostNames.IsServer(output.Host) ? null : BuildLog.Open(invocation.Temp, output.Console.Time);
        output.Console.Log = log;
        Logo.Write(output.Console, drawing: !parameters.Flag("NoLogo"));
        if (home == root)
        {
            SchemaCommand.TryWrite(root, declarations);
        }

        return (await new PlanRunner(invocation, output, plan, signals, unforeseen).RunAsync(), false);
    }

    private static FrontOutput Output(ParameterSet parameters, Dictionary<string, string> environment)
    {
        var host = parameters.Text("Host") ?? HostNames.Detect(environment);
        var verbosity = Enum.Parse<Verbosity>(parameters.Text("Verbosity") ?? nameof(Verbosity.Normal));
        var colour = FrontConsole.HasColour(environment, host, Console.IsOutputRedirected);
        var interactive = !Console.IsOutputRedirected && !HostNames.IsServer(host)
            && environment.GetValueOrDefault("TERM") is { Length: > 0 } and not "dumb";
        var time = TimeProvider.System;
        return new FrontOutput(new FrontConsole(Console.Out, colour, time, verbosity), HostFormat.Of(host, time), host, interactive);
    }

    private static int Width() => Console.IsOutputRedirected ? 90 : Math.Max(Console.WindowWidth, 40);
}
