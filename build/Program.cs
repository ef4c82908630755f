using FaultMatrix.Build;
using FaultMatrix.Build.CommandLine;

return await Front.RunAsync(EnvironmentWords.Of(args));
