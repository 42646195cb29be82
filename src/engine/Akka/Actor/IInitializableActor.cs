namespace Akka.Actor.Internal;

/// <summary>An actor with something to do between its constructor and its first use.</summary>
interface IInitializableActor
{
    void Init();
}
