using FaultTolerance.Benchmarks;

// One measurement a process, so that none inherits another's heap, threads or connections. benchmarks/load.sh calls them.
if (args is not [var command, .. var rest])
{
    Console.Error.WriteLine(
        "LoadBench server|stream-server|token-server|url-server|closed|open|streams|tokens --port N [--clients N] [--gap MS] [--requests N] [--rate R] [--seconds S] [--count N]; LoadBench url-server --folder DIR [--http 1.1|2] [--gap MS]; LoadBench make-logs|parse --run DIR [--count N] [--characters N]"
    );
    return 2;
}

var options = new Options(rest);
switch (command)
{
    case "server":
        FixedServer.Run(options.Port);
        return 0;
    case "stream-server":
        await StreamServer.RunAsync(options.Port);
        return 0;
    case "token-server":
        TokenServer.Run(options.Port, options.Number("gap", 11.2));
        return 0;
    case "url-server":
        await UrlServer.RunAsync(options);
        return 0;
    case "closed":
        await Measurements.ClosedAsync(options);
        return 0;
    case "open":
        await Measurements.OpenAsync(options);
        return 0;
    case "streams":
        await Measurements.StreamsAsync(options);
        return 0;
    case "tokens":
        await Measurements.TokensAsync(options);
        return 0;
    case "httpclient":
        await HttpClientPeer.RunAsync(options);
        return 0;
    case "make-logs":
        ParseBench.Make(options.Text("run"), (int)options.Number("count", 1_000_000), (int)options.Number("characters", 800));
        return 0;
    case "parse":
        ParseBench.Run(options.Text("run"));
        return 0;
    default:
        Console.Error.WriteLine($"LoadBench: no measurement '{command}'");
        return 2;
}
