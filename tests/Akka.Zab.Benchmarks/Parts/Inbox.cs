using Akka.Actor;

namespace Akka.Zab.Benchmarks.Parts;

/// <summary>An actor that stands for a neighbour, and whose messages are awaited.</summary>
internal sealed class Inbox : UntypedActor
{
    private readonly Expectation expectation;

    public Inbox(Expectation expectation) => this.expectation = expectation;

    public static (IActorRef Actor, Expectation Expectation) Open(ActorSystem system)
    {
        var expectation = new Expectation();
        return (system.ActorOf(Actor.Props.Create(() => new Inbox(expectation))), expectation);
    }

    protected override void OnReceive(object message) => expectation.Receive(message);

    /// <summary>What is waited for; one at a time.</summary>
    internal sealed class Expectation
    {
        private volatile Func<object, bool> isIt = _ => false;
        private TaskCompletionSource<object> come = new();

        /// <summary>Completes with the first message of which this is true. To be called before what brings it about.</summary>
        public Task<object> Next(Func<object, bool> which)
        {
            come = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
            isIt = which;
            return come.Task;
        }

        public void Receive(object message)
        {
            if (isIt(message))
                come.TrySetResult(message);
        }
    }
}
