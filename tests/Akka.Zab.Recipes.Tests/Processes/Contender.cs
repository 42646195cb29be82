using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests.Processes;

/// <summary>
/// The program <c>contend RECIPE SERVER TIMEOUT-MS</c>: takes the same thing again and again until it is killed, and
/// says on its output what it does. SERVER is a connect string, or the address of an actor system, a slash and the
/// chroot. <c>use TOKEN</c> is said only by one who believes to hold it.
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
        var connect = Connecting(arguments[1], options);
        while (true)
        {
            try
            {
                await using var zab = await connect();
                while (true) await OnceAsync(zab, arguments[0]);
            }
            catch (ZabException e)
            {
                Say("again", (long)e.Error);
            }
        }
    }

    private static Func<Task<ZabClient>> Connecting(string server, ZabClientOptions options)
    {
        if (!server.StartsWith("akka.", StringComparison.Ordinal)) return () => ZabClient.ConnectAsync(server, options);
        var root = server.LastIndexOf('/');
        var system = ActorSystem.Create("contender", ConfigurationFactory.ParseString("""
            akka.loglevel = ERROR
            akka.stdout-loglevel = OFF
            akka.actor.provider = remote
            akka.remote.retry-gate-closed-for = 200ms
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            """));
        return () => ZabClient.ConnectAsync(system, [server[..root]], options with { Chroot = server[root..] });
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
