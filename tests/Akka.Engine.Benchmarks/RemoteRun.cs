using System.Diagnostics;
using System.Globalization;
using Akka.Actor;

namespace Akka.Engine.Benchmarks;

/// <summary>Two processes on one machine, over TCP.</summary>
static class RemoteRun
{
    public const string Peer = "remote-peer";

    const int Tells = 2_000_000;
    const int Window = 100_000;
    const int WindowsInFlight = 4;
    const int Asks = 20_000;

    static string Configuration =>
        $$"""
        akka {
          loglevel = WARNING
          actor {
            provider = remote
            serializers.hyperion = "Akka.Serialization.HyperionSerializer, Akka.Serialization.Hyperion"
            serialization-bindings."{{typeof(IWire).FullName}}, {{typeof(IWire).Assembly.GetName().Name}}" = hyperion
          }
          # What waits here is no surprise.
          remote.log-buffer-size-exceeding = 1000000
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        }
        """;

    /// <summary>The other process: it ends when its input does.</summary>
    public static async Task ServeAsync()
    {
        var system = ActorSystem.Create("peer", Configuration);
        var sink = system.ActorOf(Props.Create(() => new Sink()), "sink");
        var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        Console.WriteLine(sink.Path.ToStringWithAddress(address));
        await Console.In.ReadToEndAsync();
        await system.Terminate();
    }

    public static async Task MeasureAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(RemoteRun).Assembly.Location);
        start.ArgumentList.Add(Peer);
        using var peer = Process.Start(start)!;
        var system = ActorSystem.Create("client", Configuration);
        var path = (await peer.StandardOutput.ReadLineAsync())!;
        var sink = await system.ActorSelection(path).ResolveOne(TimeSpan.FromSeconds(20));
        for (var round = 0; round < 3; round++)
        {
            Report("remote tell", $"{Tells / (await TellAsync(system, sink)).TotalSeconds:N0} messages/s");
            var asks = await AskAsync(sink);
            Report("remote ask", $"{asks[asks.Length / 2]:N1} µs median, {asks[asks.Length * 99 / 100]:N1} µs p99");
        }
        await system.Terminate();
        peer.StandardInput.Close();
        await peer.WaitForExitAsync();
    }

    static async Task<TimeSpan> TellAsync(ActorSystem system, IActorRef sink)
    {
        var clock = Stopwatch.StartNew();
        // Only so many may be under way: what a queue cannot hold is lost.
        var windows = new Queue<Task<Counted>>();
        for (var sent = 0; sent < Tells; sent += Window)
        {
            if (windows.Count == WindowsInFlight) await windows.Dequeue();
            for (var i = 0; i < Window; i++)
                sink.Tell(new Order(sent + i, "instrument", 17, true), ActorRefs.NoSender);
            windows.Enqueue(sink.Ask<Counted>(new Count(), TimeSpan.FromSeconds(60)));
        }
        var last = new Counted(0);
        foreach (var window in windows) last = await window;
        var elapsed = clock.Elapsed;
        if (last.Number != Tells) throw new InvalidOperationException($"{last.Number} of {Tells} messages arrived.");
        await sink.Ask<Counted>(new Reset());
        return elapsed;
    }

    static async Task<double[]> AskAsync(IActorRef sink)
    {
        var times = new double[Asks];
        for (var i = 0; i < Asks; i++)
        {
            var before = Stopwatch.GetTimestamp();
            await sink.Ask<Counted>(new Count());
            times[i] = Stopwatch.GetElapsedTime(before).TotalMicroseconds;
        }
        Array.Sort(times);
        return times;
    }

    public static void Report(string what, FormattableString figure) =>
        Console.WriteLine($"{what,-20}{figure.ToString(CultureInfo.InvariantCulture)}");

    interface IWire;

    sealed record Order(long Number, string Instrument, int Amount, bool Buy) : IWire;

    sealed record Count : IWire;

    sealed record Reset : IWire;

    sealed record Counted(int Number) : IWire;

    sealed class Sink : UntypedActor
    {
        int _count;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Order:
                    _count++;
                    break;
                case Reset:
                    _count = 0;
                    Sender.Tell(new Counted(0));
                    break;
                default:
                    Sender.Tell(new Counted(_count));
                    break;
            }
        }
    }
}
