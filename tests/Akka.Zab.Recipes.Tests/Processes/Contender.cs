using System.Globalization;
using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests.Processes;

/// <summary>
/// The program <c>contend RECIPE CONNECT-STRING TIMEOUT-MS</c>: takes the same thing again and again until it is killed,
/// and says on its output what it does. <c>use TOKEN</c> is said only by one who believes to hold it.
/// </summary>
internal static class Contender
{
    private const int Uses = 5;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = new ZabClientOptions
        {
            SessionTimeout = TimeSpan.FromMilliseconds(int.Parse(arguments[2], CultureInfo.InvariantCulture)),
            ConnectTimeout = TimeSpan.FromMinutes(2),
            AttemptTimeout = TimeSpan.FromMilliseconds(500),
        };
        while (true)
        {
            try
            {
                await using var zab = await ZabClient.ConnectAsync(arguments[1], options);
                while (true) await OnceAsync(zab, arguments[0]);
            }
            catch (ZabException e)
            {
                Say("again", (long)e.Error);
            }
        }
    }

    private static async Task OnceAsync(ZabClient zab, string recipe)
    {
        await using var hold = recipe switch
        {
            "mutex" => await new ZabMutex(zab, "/contended").AcquireAsync(),
            "shared-lock" => await new ZabSharedLock(zab, "/contended").AcquireExclusiveAsync(),
            "semaphore" => await new ZabSemaphore(zab, "/contended", 1).AcquireAsync(),
            "election" => await new ZabElection(zab, "/contended", "contender").LeadAsync(),
            _ => throw new ArgumentException($"{recipe} is no recipe.", nameof(recipe)),
        };
        Say("take", hold.FencingToken);
        for (var use = 0; use < Uses && hold.IsHeld; use++)
        {
            Say("use", hold.FencingToken);
            await Task.Delay(20);
        }
        Say(hold.IsHeld ? "leave" : "lose", hold.FencingToken);
    }

    private static void Say(string what, long number) =>
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {number}"));
}
