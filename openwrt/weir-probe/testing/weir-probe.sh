#!/bin/sh
# Stand-in for the program: says what happens to it.
told=/var/run/weir/told
mkdir -p /var/run/weir
trap 'echo reload >> "$told"' HUP
trap 'echo stop >> "$told"; exit 0' TERM
echo "start $*" >> "$told"
while :; do
	sleep 0.2 &
	wait $!
done
