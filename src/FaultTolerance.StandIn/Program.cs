using FaultTolerance.StandIn.EngineCore;
using FaultTolerance.StandIn.Frontend;
using FaultTolerance.StandIn.Gateway;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Operator;
using FaultTolerance.StandIn.Planner;
using FaultTolerance.StandIn.Platform;
using FaultTolerance.StandIn.TinyModel;
using FaultTolerance.StandIn.Worker;

try
{
    var invocation = Invocation.Parse(Invocation.CalledAs(), args);
    var settings = StandInSettings.FromEnvironment(Environment.GetEnvironmentVariable);
    using var log = ConsoleLog.ToStandardError(settings, TimeProvider.System);
    using var stop = new StopSignals();
    InlineSockets.For(invocation.Role);
    return invocation.Role switch
    {
        ProgramRole.Frontend => await FrontendProgram.RunAsync(invocation.Arguments, settings, log, TimeProvider.System, stop.Token),
        ProgramRole.Worker => await WorkerProgram.RunAsync(
            invocation.Engine!,
            invocation.Arguments,
            settings,
            log,
            TimeProvider.System,
            stop.Token
        ),
        ProgramRole.EngineCore => await EngineCoreProgram.RunAsync(invocation.Arguments, settings, log, TimeProvider.System),
        ProgramRole.EnginePart => await EngineCoreProgram.RunPartAsync(),
        ProgramRole.EngineServer =>
            await EngineServerProgram.RunAsync(invocation.Arguments, settings, log, TimeProvider.System, stop.Token),
        ProgramRole.Picker => await PickerProgram.RunAsync(invocation.Arguments, settings, log, TimeProvider.System, stop.Token),
        ProgramRole.Planner => await PlannerProgram.RunAsync(invocation.Arguments, settings, log, TimeProvider.System, stop.Token),
        ProgramRole.Platform => await PlatformProgram.RunAsync(invocation.Arguments, settings, log, TimeProvider.System, stop.Token),
        ProgramRole.Model => await ModelProgram.RunAsync(invocation.Arguments, log, stop.Token),
        _ => await OperatorProgram.RunAsync(invocation.Arguments, settings, log, TimeProvider.System, stop.Token),
    };
}
catch (UsageException mistake)
{
    await Console.Error.WriteLineAsync(mistake.Message);
    return 2;
}
