return await FaultMatrix.Build.Front.RunAsync(args);
