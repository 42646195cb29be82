namespace Akka.Actor.Internal;

/// <summary>The actor that the current thread is running.</summary>
static class InternalCurrentActorCellKeeper
{
    [ThreadStatic]
    static ActorCell? t_current;

    public static ActorCell? Current
    {
        get => t_current;
        set => t_current = value;
    }
}
