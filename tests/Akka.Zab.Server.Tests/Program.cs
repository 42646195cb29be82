using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;

namespace Akka.Zab.Server.Tests;

/// <summary>
/// The owner of a lease in a process of its own, to be killed or stopped: <c>OWNER CONFIGURATION</c>. It answers each
/// word on its input with a line, and ends when its input does.
/// </summary>
internal static class Program
{
    static async Task Main(string[] arguments)
    {
        var system = ActorSystem.Create("owner", ConfigurationFactory.ParseString(arguments[1]));
        var lease = LeaseProvider.Get(system).GetLease("resource", "my-lease", arguments[0]);
        Console.WriteLine("made");
        while (await Console.In.ReadLineAsync() is { } word)
        {
            var answer = word switch
            {
                "acquire" => await AcquireAsync(lease),
                "release" => $"released {await lease.Release()}",
                "check" => $"checked {lease.CheckLease()}",
                "until-lost" => await UntilLostAsync(lease),
                "terminate" => await TerminateAsync(system),
                "alone" => await AloneAsync(system),
                "ended" => await EndedAsync(system),
                _ => await JoinAsync(system, Address.Parse(word)),
            };
            Console.WriteLine(answer);
        }
    }

    static async Task<string> AcquireAsync(Lease lease)
    {
        try
        {
            var acquired = await lease.Acquire();
            return $"acquired {acquired} {Now}";
        }
        catch (LeaseException e)
        {
            return $"{e.GetType().Name} {e.Message}";
        }
    }

    /// <summary>Looks again and again; when it last began to look and was told that it holds the lease.</summary>
    static async Task<string> UntilLostAsync(Lease lease)
    {
        string? last = null;
        while (true)
        {
            var before = Now;
            if (!lease.CheckLease()) return $"lost {last}";
            if (last is null) Console.WriteLine("holds");
            last = before;
            await Task.Delay(1);
        }
    }

    static async Task<string> JoinAsync(ActorSystem system, Address seed)
    {
        var cluster = Cluster.Cluster.Get(system);
        await cluster.JoinAsync(seed.Host is null ? cluster.SelfAddress : seed);
        return $"up {cluster.SelfAddress}";
    }

    /// <summary>Waits until it is the only member of its cluster.</summary>
    static async Task<string> AloneAsync(ActorSystem system)
    {
        while (Cluster.Cluster.Get(system).State.Members.Count > 1) await Task.Delay(10);
        return $"alone {Cluster.Cluster.Get(system).IsUp}";
    }

    static async Task<string> EndedAsync(ActorSystem system)
    {
        Console.WriteLine("waits");
        await system.WhenTerminated;
        return "ended";
    }

    static async Task<string> TerminateAsync(ActorSystem system)
    {
        await system.Terminate();
        return "terminated";
    }

    /// <summary>The machine's monotonic clock, which all its processes share.</summary>
    static string Now => Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture);
}
