using System.Text;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Cluster;

/// <summary>
/// Answers of an API that is in trouble. Each returns true, as a handler of <see cref="FakeApi"/> does that has answered.
/// </summary>
internal static class Trouble
{
    /// <summary>Neither headers nor a body, until the client gives up.</summary>
    public static async Task<bool> NeverAsync(HttpContext http)
    {
        await GoneAsync(http);
        return true;
    }

    /// <summary>Headers and a part of the body, then nothing.</summary>
    public static async Task<bool> StallAsync(HttpContext http, string part, string type = "application/json")
    {
        await BeginAsync(http, part, type);
        await GoneAsync(http);
        return true;
    }

    /// <summary>Headers and a part of the body, then the connection's end.</summary>
    public static async Task<bool> DropAsync(HttpContext http, string part = "")
    {
        if (part.Length > 0)
        {
            await BeginAsync(http, part, "application/json");
        }

        http.Abort();
        return true;
    }

    /// <summary>A body without an end, as fast as it is taken.</summary>
    public static async Task<bool> EndlessAsync(HttpContext http, string begin, string again, int status = 200)
    {
        http.Response.StatusCode = status;
        await BeginAsync(http, begin, "application/json");
        var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(again, (64 * 1024 / again.Length) + 1)));
        try
        {
            while (true)
            {
                await http.Response.Body.WriteAsync(block, http.RequestAborted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return true;
        }
    }

    /// <summary>One byte, and again one at each turn of <paramref name="turn"/>.</summary>
    public static async Task<bool> DripAsync(HttpContext http, Func<Task> turn)
    {
        await BeginAsync(http, "{", "application/json");
        while (!http.RequestAborted.IsCancellationRequested)
        {
            await turn();
            await http.Response.WriteAsync(" ", CancellationToken.None);
            await http.Response.Body.FlushAsync(CancellationToken.None);
        }

        return true;
    }

    /// <summary>Nothing for a while, then what the cluster would have answered at once; false, so that it does.</summary>
    public static async Task<bool> DelayAsync(TimeSpan length, TimeProvider time)
    {
        await Task.Delay(length, time, TestContext.Current.CancellationToken);
        return false;
    }

    /// <summary>A whole answer of another form than was asked for.</summary>
    public static Task<bool> LieAsync(HttpContext http, string answer) => FakeApi.JsonAsync(http, answer);

    /// <summary>Headers, no body, and a proper end: what a watch that was closed gets.</summary>
    public static async Task<bool> CloseAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        await http.Response.Body.FlushAsync(http.RequestAborted);
        return true;
    }

    private static async Task BeginAsync(HttpContext http, string part, string type)
    {
        http.Response.ContentType = type;
        await http.Response.WriteAsync(part, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private static async Task GoneAsync(HttpContext http)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = http.RequestAborted.Register(end.SetResult);
        await end.Task;
    }
}
