using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Engine.Tests.Remote;

/// <summary>An actor system that others reach over TCP, with an inbox to watch what comes.</summary>
internal sealed class Node : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public const string Common = """
        akka {
          loglevel = WARNING
          stdout-loglevel = WARNING
          actor {
            provider = remote
            serializers.hyperion = "Akka.Serialization.HyperionSerializer, Akka.Serialization.Hyperion"
            serialization-bindings {
              "Akka.Engine.Tests.Remote.IWire, Akka.Engine.Tests" = hyperion
            }
          }
          remote {
            retry-gate-closed-for = 300ms
            dot-netty.tcp {
              hostname = "127.0.0.1"
              port = 0
              maximum-frame-size = 4000000b
            }
          }
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    private int _ended;

    public Node(string name, string config = "")
    {
        System = ActorSystem.Create(name, ConfigurationFactory.ParseString(config)
            .WithFallback(ConfigurationFactory.ParseString(Common)));
        Address = ((ExtendedActorSystem)System).Provider.DefaultAddress;
    }

    public ActorSystem System { get; }

    public Address Address { get; }

    public Arrivals NewInbox(string? name = null) => new(System, name);

    public IActorRef Echo(string name = "echo") => System.ActorOf(Props.Create(() => new EchoActor()), name);

    /// <summary>A reference to an actor of another node, as found by its path.</summary>
    public Task<IActorRef> FindAsync(Node other, string path) =>
        System.ActorSelection($"{other.Address}{path}").ResolveOne(Patience);

    /// <summary>Ends without a word to the others, as a crash does, as far as a process can do that to itself.</summary>
    public async Task AbortAsync()
    {
        Interlocked.Exchange(ref _ended, 1);
        ((ExtendedActorSystem)System).Abort();
        await System.WhenTerminated.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) await System.Terminate().WaitAsync(Patience);
    }
}

internal sealed class EchoActor : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is Fail fail) Sender.Tell(new Status.Failure(new InvalidOperationException(fail.Why)));
        else Sender.Tell(message);
    }
}

/// <summary>An actor whose messages a test awaits.</summary>
internal sealed class Arrivals
{
    private readonly Channel<object> _messages = Channel.CreateUnbounded<object>();

    public Arrivals(ActorSystem system, string? name)
    {
        var writer = _messages.Writer;
        Ref = system.ActorOf(Props.Create(() => new Collector(writer)), name);
    }

    public IActorRef Ref { get; }

    public void Watch(IActorRef actor) => Ref.Tell(new WatchIt(actor), ActorRefs.NoSender);

    public void Unwatch(IActorRef actor) => Ref.Tell(new UnwatchIt(actor), ActorRefs.NoSender);

    /// <summary>The next message of that type that meets the condition; earlier others are passed over.</summary>
    public async Task<T> ExpectAsync<T>(Func<T, bool>? condition = null)
    {
        using var limit = new CancellationTokenSource(Node.Patience);
        try
        {
            while (true)
                if (await _messages.Reader.ReadAsync(limit.Token) is T found && condition?.Invoke(found) != false)
                    return found;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No {typeof(T)} came.");
        }
    }

    /// <summary>All that has come so far.</summary>
    public IReadOnlyList<object> Drain()
    {
        var drained = new List<object>();
        while (_messages.Reader.TryRead(out var message)) drained.Add(message);
        return drained;
    }

    private sealed record WatchIt(IActorRef Actor) : INoSerializationVerificationNeeded;

    private sealed record UnwatchIt(IActorRef Actor) : INoSerializationVerificationNeeded;

    private sealed class Collector(ChannelWriter<object> writer) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case WatchIt watch:
                    Context.Watch(watch.Actor);
                    break;
                case UnwatchIt unwatch:
                    Context.Unwatch(unwatch.Actor);
                    break;
                default:
                    writer.TryWrite(message);
                    break;
            }
        }
    }
}

internal interface IWire;

internal sealed record Note(int Number, string Text, byte[]? Data = null) : IWire;

internal sealed record Introduce(IActorRef Actor) : IWire;

internal sealed record Fail(string Why) : IWire;

internal sealed record NotOnTheWire(int Number);
