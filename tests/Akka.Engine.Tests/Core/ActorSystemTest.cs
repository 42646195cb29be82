using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Engine.Tests.Core;

/// <summary>A fresh, quiet actor system for each test; no TestKit, so that these tests prove the core alone.</summary>
public abstract class ActorSystemTest : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    const string Quiet = """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    protected ActorSystemTest(string hocon = "") => System = NewSystem(hocon);

    protected ActorSystem System { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => System.Terminate().WaitAsync(Patience);

    protected static ActorSystem NewSystem(string hocon = "") =>
        ActorSystem.Create("core",
            ConfigurationFactory.ParseString(hocon).WithFallback(ConfigurationFactory.ParseString(Quiet)));

    protected Probe NewProbe() => new(System);

    /// <summary>An actor whose receive method is given from outside.</summary>
    protected IActorRef Actor(Func<IActorContext, object, bool> receive, string? name = null) =>
        System.ActorOf(Props.Create(() => new Inline(receive)), name);

    /// <summary>Everything an actor was told before has been handled when this ends.</summary>
    protected static async Task Handled(IActorRef actor) =>
        Assert.NotNull((await actor.Ask<ActorIdentity>(new Identify("handled?"), Patience)).Subject);

    public sealed class Inline(Func<IActorContext, object, bool> receive) : ActorBase
    {
        protected override bool Receive(object message) => receive(Context, message);
    }
}

/// <summary>An actor that keeps what it is told until the test asks for it.</summary>
public sealed class Probe
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly Channel<(object Message, IActorRef Sender)> _received = Channel.CreateUnbounded<(object, IActorRef)>();

    public Probe(ActorSystem system) => Ref = system.ActorOf(Props.Create(() => new Receiver(_received)));

    public IActorRef Ref { get; }

    public IActorRef LastSender { get; private set; } = ActorRefs.Nobody;

    public async Task<object> Next()
    {
        using var limit = new CancellationTokenSource(Patience);
        var (message, sender) = await _received.Reader.ReadAsync(limit.Token);
        LastSender = sender;
        return message;
    }

    public async Task<T> Next<T>() => Assert.IsAssignableFrom<T>(await Next());

    public async Task Expect(params object[] messages)
    {
        foreach (var message in messages)
            Assert.Equal(message, await Next());
    }

    /// <summary>Nothing else has been told to the probe up to now.</summary>
    public async Task ExpectNothingMore()
    {
        Ref.Tell("end");
        Assert.Equal("end", await Next());
    }

    public void Watch(IActorRef actor) => Ref.Tell(new WatchFor(actor));

    public async Task WatchAndWait(IActorRef actor)
    {
        await Ref.Ask<string>(new WatchFor(actor), Patience);
    }

    sealed record WatchFor(IActorRef Actor);

    sealed class Receiver(Channel<(object, IActorRef)> received) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is WatchFor watch)
            {
                Context.Watch(watch.Actor);
                Sender.Tell("watching");
            }
            else
            {
                received.Writer.TryWrite((message, Sender));
            }
        }
    }
}
