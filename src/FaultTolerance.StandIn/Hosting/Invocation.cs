using System.Collections.Immutable;

namespace FaultTolerance.StandIn.Hosting;

/// <summary>What this process is to be.</summary>
internal enum ProgramRole
{
    Frontend,
    Worker,
    EngineCore,
    TensorParallelWorker,
    Operator,
}

/// <summary>One program under several names: the role follows from the name it was called by and its first arguments.</summary>
internal sealed record Invocation(ProgramRole Role, ImmutableArray<string> Arguments)
{
    public const string EngineCoreName = "VLLM::EngineCore";
    public const string TensorParallelPrefix = "VLLM::Worker_TP";

    /// <summary>The image has that many links for tensor-parallel ranks.</summary>
    public const int MostTensorParallel = 8;

    /// <summary>
    /// The file name in argv[0]. .NET reports the program's own file there, so it is taken from <c>/proc/self/cmdline</c>,
    /// which is also where fault injectors look.
    /// </summary>
    public static string CalledAs()
    {
        var own = Environment.GetCommandLineArgs()[0];
        const string commandLine = "/proc/self/cmdline";
        if (File.Exists(commandLine))
        {
            var text = File.ReadAllText(commandLine);
            var end = text.IndexOf('\0', StringComparison.Ordinal);
            own = end < 0 ? text : text[..end];
        }

        return Path.GetFileName(own);
    }

    /// <summary>Finds the role. Throws <see cref="UsageException"/> for a module or command that is not there.</summary>
    public static Invocation Parse(string calledAs, IReadOnlyList<string> arguments)
    {
        if (calledAs.StartsWith(EngineCoreName, StringComparison.Ordinal))
        {
            return new(ProgramRole.EngineCore, [.. arguments]);
        }

        if (calledAs.StartsWith(TensorParallelPrefix, StringComparison.Ordinal))
        {
            return new(ProgramRole.TensorParallelWorker, [.. arguments]);
        }

        return arguments switch
        {
            ["-m", "dynamo.frontend", ..] => new(ProgramRole.Frontend, [.. arguments.Skip(2)]),
            ["-m", "dynamo.vllm", ..] => new(ProgramRole.Worker, [.. arguments.Skip(2)]),
            ["operator", ..] => new(ProgramRole.Operator, [.. arguments.Skip(1)]),
            ["-m", var module, ..] => throw new UsageException($"{calledAs}: no module {module}; this stand-in has dynamo.frontend and dynamo.vllm"),
            _ => throw new UsageException($"{calledAs}: call it as 'python3 -m dynamo.frontend', 'python3 -m dynamo.vllm --model M' or 'stand-in operator'"),
        };
    }
}
