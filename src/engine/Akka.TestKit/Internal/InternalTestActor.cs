using System.Threading.Channels;
using Akka.Actor;

namespace Akka.TestKit.Internal;

/// <summary>Puts what it receives where the test can wait for it.</summary>
sealed class InternalTestActor(ChannelWriter<MessageEnvelope> received) : UntypedActor
{
    TestActor.Ignore? _ignore;
    AutoPilot _pilot = NoAutoPilot.Instance;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TestActor.SetIgnore set:
                _ignore = set.Ignore;
                break;
            case TestActor.SetAutoPilot set:
                _pilot = set.AutoPilot;
                break;
            case TestActor.Watch watch:
                Context.Watch(watch.Actor);
                Sender.Tell(TestActor.Done.Instance);
                break;
            case TestActor.Unwatch unwatch:
                Context.Unwatch(unwatch.Actor);
                Sender.Tell(TestActor.Done.Instance);
                break;
            case TestActor.Spawn spawn:
                received.TryWrite(new RealMessageEnvelope(Context.ActorOf(spawn.Props, spawn.Name), Self));
                break;
            default:
                var next = _pilot.Run(Sender, message);
                if (next is not KeepRunning) _pilot = next;
                if (_ignore is null || !_ignore(message)) received.TryWrite(new RealMessageEnvelope(message, Sender));
                break;
        }
    }
}
