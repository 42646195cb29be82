using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>What a reference with an actor behind it delegates to.</summary>
public interface ICell
{
    IActorRef Self { get; }

    ActorSystem System { get; }

    IInternalActorRef Parent { get; }

    Props Props { get; }

    bool IsLocal { get; }

    bool HasMessages { get; }

    int NumberOfMessages { get; }

    bool IsTerminated { get; }

    void Start();

    void Suspend();

    void Resume(Exception? causedByFailure);

    void Restart(Exception cause);

    void Stop();

    void SendMessage(IActorRef? sender, object message);

    void SendSystemMessage(ISystemMessage message);

    IInternalActorRef GetSingleChild(string name);

    IEnumerable<IInternalActorRef> GetChildren();
}
