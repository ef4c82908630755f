using FaultMatrix.Build;
using FaultMatrix.Build.CommandLine;

// What still hangs after a run that could not wait for it ends with the process.
Environment.Exit(await Front.RunAsync(EnvironmentWords.Of(args)));
