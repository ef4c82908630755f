using System.Collections.Immutable;
using FaultTolerance.StandIn.Worker.Engines;

namespace FaultTolerance.StandIn.Hosting;

/// <summary>What this process is to be.</summary>
internal enum ProgramRole
{
    Frontend,
    Worker,
    EngineCore,

    /// <summary>A part of an engine that does no requests: a rank, a detokenizer.</summary>
    EnginePart,

    /// <summary>An engine in a container of its own, which a sidecar asks.</summary>
    EngineServer,

    /// <summary>A gateway's endpoint picker.</summary>
    Picker,
    Planner,
    Operator,

    /// <summary>Writes the files of a tiny model for real processes.</summary>
    Model,

    /// <summary>Answers as healthy in place of the platform's etcd or NATS.</summary>
    Platform,
}

/// <summary>One program under several names: the role follows from the name it was called by and its first arguments.</summary>
/// <param name="Role">What it is to be.</param>
/// <param name="Engine">A worker's engine; null for the others.</param>
/// <param name="Arguments">What follows.</param>
internal sealed record Invocation(ProgramRole Role, EngineKind? Engine, ImmutableArray<string> Arguments)
{
    private const string FrontendModule = "dynamo.frontend";
    private const string PlannerModule = "dynamo.planner";
    private const string SglangServer = "sglang.launch_server";

    /// <summary>
    /// The file name in argv[0]. .NET reports the program's own file there, so it is taken from <c>/proc/self/cmdline</c>,
    /// which is also where fault injectors look.
    /// </summary>
    public static string CalledAs()
    {
        var own = Environment.GetCommandLineArgs()[0];
        const string CommandLine = "/proc/self/cmdline";
        if (File.Exists(CommandLine))
        {
            var text = File.ReadAllText(CommandLine);
            var end = text.IndexOf('\0', StringComparison.Ordinal);
            own = end < 0 ? text : text[..end];
        }

        return Path.GetFileName(own);
    }

    /// <summary>Finds the role. Throws <see cref="UsageException"/> for a module or command that is not there.</summary>
    public static Invocation Parse(string calledAs, IReadOnlyList<string> arguments)
    {
        if (calledAs.StartsWith(ProcessNames.VllmWorker, StringComparison.Ordinal))
        {
            return new(ProgramRole.EnginePart, null, [.. arguments]);
        }

        if (ProcessNames.IsEngine(calledAs))
        {
            return new(
                arguments is [ProcessNames.IdleArgument, ..] ? ProgramRole.EnginePart : ProgramRole.EngineCore,
                null,
                [.. arguments]
            );
        }

        if (EngineKind.Sidecars.FirstOrDefault(kind => kind.Module == calledAs) is { } sidecar)
        {
            return new(ProgramRole.Worker, sidecar, [.. arguments]);
        }

        if (calledAs is ProcessNames.VllmServer or ProcessNames.Picker)
        {
            return new(calledAs == ProcessNames.Picker ? ProgramRole.Picker : ProgramRole.EngineServer, null, [.. arguments]);
        }

        return arguments switch
        {
            ["-m", FrontendModule, ..] => new(ProgramRole.Frontend, null, [.. arguments.Skip(2)]),
            ["-m", PlannerModule, ..] => new(ProgramRole.Planner, null, [.. arguments.Skip(2)]),
            ["-m", var module, ..] when EngineKind.All.FirstOrDefault(kind => kind.Module == module) is { } kind =>
                new(ProgramRole.Worker, kind, [.. arguments.Skip(2)]),
            ["-m", SglangServer, ..] => new(ProgramRole.EngineServer, null, [.. arguments.Skip(2)]),
            ["operator", ..] => new(ProgramRole.Operator, null, [.. arguments.Skip(1)]),
            ["model", ..] => new(ProgramRole.Model, null, [.. arguments.Skip(1)]),
            ["platform", ..] => new(ProgramRole.Platform, null, [.. arguments.Skip(1)]),
            ["-m", var module, ..] => throw new UsageException($"{calledAs}: no module {module}; this stand-in has {Modules()}"),
            _ => throw new UsageException(
                $"{calledAs}: call it as 'python3 -m MODULE', with one of {Modules()}, or as 'stand-in operator', 'stand-in model DIR' or "
                + "'stand-in platform PORT'"
            ),
        };
    }

    private static string Modules()
    {
        var names = EngineKind
            .All.Select(kind => kind.Module)
            .Append(FrontendModule)
            .Append(PlannerModule)
            .Append(SglangServer)
            .Order(StringComparer.Ordinal)
            .ToList();
        return $"{string.Join(", ", names[..^1])} and {names[^1]}";
    }
}
