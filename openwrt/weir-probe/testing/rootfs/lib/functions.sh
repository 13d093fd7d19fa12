# Stand-in: reading configuration, and what happens at installation and removal.
config() { CONFIG_SECTION="${2:-cfg$1}"; CONFIG_SECTIONS="$CONFIG_SECTIONS $1:$CONFIG_SECTION"; }
option() { eval "CONFIG_${CONFIG_SECTION}_$1=\"\$2\""; }
list() { :; }

config_load() {
	CONFIG_SECTIONS=
	. "/etc/config/$1"
}

config_foreach() {
	local section

	for section in $CONFIG_SECTIONS; do
		[ "${section%%:*}" != "$2" ] || "$1" "${section#*:}"
	done
}

config_get_bool() {
	eval "$1=\"\${CONFIG_${2}_$3:-$4}\""
}

add_group_and_user() { :; }

# Which package it is: opkg's scripts say it by their name, apk's by a variable.
_package() {
	package="${pkgname:-$(basename "${1%.*}")}"
	list="/usr/lib/opkg/info/$package.list"
	[ -f "$list" ] || list="/lib/apk/packages/$package.list"
}

default_postinst() {
	local file package list

	_package "$1"
	! grep -q '^/etc/sysctl.d/' "$list" || /etc/init.d/sysctl restart
	for file in $(grep '^/etc/uci-defaults/' "$list"); do
		( . "$file" ) && rm -f "$file"
	done
	[ ! -f "/usr/lib/opkg/info/$package.postinst-pkg" ] || ( . "/usr/lib/opkg/info/$package.postinst-pkg" )
	for file in $(grep '^/etc/init.d/' "$list"); do
		[ "$PKG_UPGRADE" = 1 ] || "$file" enable
		"$file" start
	done
}

default_prerm() {
	local file package list

	_package "$1"
	for file in $(grep '^/etc/init.d/' "$list"); do
		"$file" disable
		"$file" stop
	done
}
